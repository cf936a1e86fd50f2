"""How mail comes about, by theme: each story makes what happens and returns the moment the mail about it leaves."""
