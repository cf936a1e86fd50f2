app_name = "buendnisse"
urlpatterns = []
