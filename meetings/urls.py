from django.urls import URLPattern, URLResolver, path

from meetings.views import (
    agenda,
    agenda_confidential,
    agenda_fate,
    agenda_release,
    agenda_rows,
    agenda_told,
    agenda_versions,
    calendar,
    decisions,
    documents,
    folders,
    item_papers,
    minutes,
    minutes_links,
    missed,
    notice_links,
    notices,
    overview,
    papers,
    planning,
    relay_acts,
    relays,
    remark_links,
    remarks,
    rules,
    session,
    session_begin,
    session_extra,
    session_sheets,
    session_wire,
    sittings,
    standing,
    tasks,
    telephone_answers,
    topics,
    unit_reports,
    years,
)

app_name = "meetings"

_AGENDA = "sitzungen/<slug:slug>/tagesordnung/"
_ITEM = f"{_AGENDA}<int:pk>/"
_MEETING = "sitzungen/<slug:slug>/"
_LIVE = f"{_MEETING}sitzung/"
_MINUTES = f"{_MEETING}protokoll/"
_DAYS = "planung/kalender/"
_TASK = "auftraege/<int:pk>/"
_DECISION = "beschluesse/<str:number>/"

#: Topics and agendas.
_agenda: list[URLPattern | URLResolver] = [
    path("thema-vorschlagen/<str:token>/", topics.propose, name="propose"),
    path("thema-vorschlagen/<str:token>/kein-thema/", topics.no_item, name="no_item"),
    path("thema-vorschlagen/<str:token>/doch/", topics.item_after_all, name="item_after_all"),
    path("thema/<str:token>/", topics.own_item, name="own_item"),
    path("thema/<str:token>/danke/", topics.own_item_thanks, name="own_item_thanks"),
    path("thema/<str:token>/geaendert/", topics.own_item_saved, name="own_item_saved"),
    path("thema/<str:token>/zurueckziehen/", topics.withdraw, name="withdraw"),
    path("thema/<str:token>/doch/", topics.propose_again, name="propose_again"),
    path("sitzungen/<slug:slug>/thema-vorschlagen/", topics.propose_here, name="propose_here"),
    path("bericht/<str:token>/", unit_reports.by_unit, name="unit_report"),
    path("bericht/<str:token>/danke/", unit_reports.thanks, name="unit_report_thanks"),
    path(f"{_MEETING}berichte/", unit_reports.index, name="unit_reports"),
    path(f"{_MEETING}berichte/<slug:unit>/", unit_reports.by_phone, name="unit_report_phone"),
    path(_AGENDA, agenda.board, name="agenda"),
    path("sitzungen/<slug:slug>/tagesordnung.pdf", agenda.pdf, name="agenda_pdf"),
    path(f"{_AGENDA}feste-punkte/", agenda_told.page, name="agenda_told"),
    path("sitzung/<str:token>/feste-punkte/", agenda_told.by_letter, name="agenda_told_link"),
    path(f"{_AGENDA}ordnen/", agenda_rows.order, name="agenda_order"),
    path(f"{_AGENDA}freigabe/", agenda_release.page, name="agenda_release_page"),
    path("sitzungen/<slug:slug>/ablaufzettel.pdf", agenda_release.sheet, name="run_sheet"),
    path("sitzungen/<slug:slug>/tagesordnung.docx", agenda_versions.word, name="agenda_word"),
    path(f"{_AGENDA}fassung/<int:number>/", agenda_versions.version, name="agenda_version"),
    path("sitzungen/<slug:slug>/sitzungsmappe/", folders.folder, name="folder"),
    path("sitzungen/<slug:slug>/sitzungsmappe.pdf", folders.download, name="folder_pdf"),
    path("sitzung/<str:token>/sitzungsmappe/", folders.by_letter, name="folder_link"),
    path("sitzung/<str:token>/sitzungsmappe.pdf", folders.download_by_letter, name="folder_link_pdf"),
    path("sitzung/<str:token>/tagesordnung.pdf", agenda_versions.pdf_by_letter, name="agenda_pdf_by_letter"),
    path("tagesordnung-freigeben/<str:token>/", agenda_release.by_chair, name="agenda_release"),
    path("tagesordnung-freigeben/<str:token>/ablaufzettel.pdf", agenda_release.chairs_sheet, name="run_sheet_link"),
    path("tagesordnung-freigeben/<str:token>/tagesordnung.pdf", agenda_release.chairs_pdf, name="agenda_release_pdf"),
    path(f"{_AGENDA}neuer-punkt/", agenda.add, name="agenda_add"),
    path(f"{_ITEM}aufnehmen/", agenda.accept, name="agenda_accept"),
    path(f"{_ITEM}zusammenlegen/", agenda_fate.merge, name="agenda_merge"),
    path(f"{_ITEM}kopieren/", agenda_fate.copy, name="agenda_copy"),
    path(f"{_ITEM}bearbeiten/", agenda.edit, name="agenda_edit"),
    path(f"{_ITEM}nicht-diesmal/", agenda_fate.put_off, name="agenda_put_off"),
    path(f"{_ITEM}vertraulich/", agenda_confidential.limit, name="agenda_confidential"),
]

#: Alliances, the year and the dates of meetings.
_dates: list[URLPattern | URLResolver] = [
    path("buendnisse/", sittings.alliances, name="alliances"),
    path("buendnisse/<slug:slug>/", sittings.alliance, name="alliance"),
    path("buendnisse/<slug:slug>/verpasst/", missed.signed_in, name="missed"),
    path("verpasst/<str:token>/", missed.by_letter, name="missed_link"),
    path("verpasst/<str:token>/protokoll/<int:pk>/", missed.minutes, name="missed_minutes"),
    path("verpasst/<str:token>/aufgabe/<int:pk>/", missed.task, name="missed_task"),
    path("planung/<int:year>/", years.year, name="year"),
    path("planung/<int:year>/nehmen/", years.take, name="year_take"),
    path("planung/<int:year>/eigener-tag/", years.own_day, name="year_own_day"),
    path("planung/<int:year>/verwerfen/", years.drop, name="year_drop"),
    path("sitzungen/neu/", planning.new, name="plan"),
    path("sitzungen/<slug:slug>/", sittings.meeting, name="meeting"),
    path("sitzungen/<slug:slug>/festlegen/", planning.confirm, name="confirm"),
    path("sitzungen/<slug:slug>/verlegen/", planning.move, name="move"),
    path("sitzungen/<slug:slug>/bearbeiten/", planning.edit, name="edit"),
    path("sitzungen/<slug:slug>/absagen/", planning.cancel, name="cancel"),
    path("sitzungen/<slug:slug>/antworten/", telephone_answers.enter, name="answers"),
    path("sitzungen/<slug:slug>/antworten/zuruecknehmen/", telephone_answers.take_back, name="answer_take_back"),
    path("sitzung/<str:token>/", sittings.meeting_link, name="meeting_link"),
]

#: Days that count, and the rule of each alliance.
_days: list[URLPattern | URLResolver] = [
    path(_DAYS, calendar.index, name="days"),
    path(f"{_DAYS}neu/", calendar.new, name="day_new"),
    path(f"{_DAYS}<int:pk>/", calendar.edit, name="day_edit"),
    path(f"{_DAYS}<int:pk>/loeschen/", calendar.remove, name="day_remove"),
    path(f"{_DAYS}einlesen/", calendar.read, name="days_read"),
    path(f"{_DAYS}einlesen/beispiel.csv", calendar.sample, name="days_sample_csv"),
    path(f"{_DAYS}einlesen/<uuid:file_key>/zuruecknehmen/", calendar.take_file_back, name="days_take_file_back"),
    path("planung/regeln/<slug:slug>/", rules.rule, name="rule"),
    path("planung/regeln/<slug:slug>/beschluesse/", rules.decides, name="procedure"),
    path("planung/regeln/<slug:slug>/feste-punkte/", standing.frame, name="standing"),
    path("planung/regeln/<slug:slug>/feste-punkte/<int:pk>/", standing.change, name="standing_item"),
]

#: Relays, from the board to one's way.
_relays: list[URLPattern | URLResolver] = [
    path("weiterleitungen/", relays.board, name="relay_board"),
    path("weiterleitungen/neu/", relays.new, name="relay_new"),
    path("weiterleitungen/<str:number>/", relays.path, name="relay_path"),
    path("weiterleitungen/<str:number>/weg.pdf", relays.pdf, name="relay_pdf"),
    path("weiterleitungen/<str:number>/<slug:option>/", relay_acts.act, name="relay_act"),
    path("weg/<str:token>/", relays.by_letter, name="relay_link"),
]

#: What the alliances tell each other beyond decisions, and the picture of it all.
_exchange: list[URLPattern | URLResolver] = [
    path("uebersicht/", overview.overview, name="overview"),
    path("kurzmeldungen/", notices.board, name="notices"),
    path("kurzmeldungen/<int:pk>/", notices.decide, name="notice_decide"),
    path("kurzmeldung/<str:token>/", notice_links.hand_in, name="notice_link"),
    path("kurzmeldung/<str:token>/<int:pk>/", notice_links.own, name="notice_own"),
    path("rueckmeldungen/", remarks.index, name="remarks"),
    path("rueckmeldungen/<int:pk>/", remarks.one, name="remark"),
    path("dazu/<str:token>/", remark_links.say, name="remark_link"),
    path("dazu/<str:token>/<int:pk>/", remark_links.own, name="remark_own"),
]

#: Papers: the shelf, by permission and by link.
_papers: list[URLPattern | URLResolver] = [
    path("unterlagen/", papers.index, name="papers"),
    path("unterlagen/neu/", papers.new, name="paper_new"),
    path("unterlagen/<slug:slug>/fassung/", papers.new_version, name="paper_version"),
    path("unterlagen/<slug:slug>/<int:number>/", papers.download, name="paper_file"),
    path(f"{_ITEM}unterlage/", papers.hand_in, name="paper_hand_in"),
    path(f"{_ITEM}unterlagen/", item_papers.papers, name="item_papers"),
    path(f"{_ITEM}unterlagen/dazulegen/", item_papers.attach, name="item_paper_attach"),
    path(f"{_ITEM}unterlagen/<slug:paper>/wegnehmen/", item_papers.take_off, name="item_paper_take_off"),
    path(f"{_ITEM}unterlagen/<slug:paper>/zuruecklegen/", item_papers.put_back, name="item_paper_put_back"),
    path("sitzung/<str:token>/unterlage/<slug:slug>/", papers.by_letter, name="paper_newest_by_letter"),
    path("sitzung/<str:token>/unterlage/<slug:slug>/<int:number>/", papers.by_letter, name="paper_by_letter"),
]

#: Holding a meeting, minutes, decisions, tasks.
_held: list[URLPattern | URLResolver] = [
    path(_LIVE, session.live, name="live"),
    path(f"{_LIVE}uebernehmen/", session.take_over, name="session_take_over"),
    path(f"{_LIVE}schreiben/", session_wire.claim, name="session_claim"),
    path(f"{_LIVE}verlassen/", session_wire.leave, name="session_leave"),
    path(f"{_LIVE}<int:pk>/merken/", session_wire.keep, name="session_keep"),
    path(f"{_LIVE}stand/", session_wire.pulse, name="session_pulse"),
    path(f"{_LIVE}beamer/", session_wire.beamer, name="beamer"),
    path(f"{_LIVE}nachtrag/", session_extra.add, name="session_add"),
    path(f"{_LIVE}<int:pk>/vertagen/", session_extra.put_off, name="session_put_off"),
    path(f"{_LIVE}beginnen/", session_begin.begin, name="session_begin"),
    path(f"{_LIVE}beginn-zuruecknehmen/", session_begin.unbegin, name="session_unbegin"),
    path(f"{_LIVE}beenden/", session.end, name="session_end"),
    path(f"{_LIVE}wieder-oeffnen/", session_begin.reopen, name="session_reopen"),
    path(f"{_LIVE}<int:pk>/ergebnis/", session.result, name="session_result"),
    path(f"{_LIVE}<int:pk>/beschluss/", session.decide, name="session_decide"),
    path(f"{_LIVE}beschluss/<int:pk>/zuruecknehmen/", session.undo, name="session_undo"),
    path(f"{_LIVE}<int:pk>/auftrag/", session.assign, name="session_assign"),
    path(f"{_LIVE}auftrag/<int:pk>/zuruecknehmen/", session.unassign, name="session_unassign"),
    path(f"{_LIVE}da/<int:pk>/", session.here, name="session_here"),
    path(f"{_MEETING}anwesenheit/", session_sheets.attendance, name="attendance"),
    path(f"{_MEETING}anwesenheit/gast/", session_extra.guest, name="session_guest"),
    path(f"{_MEETING}nachtragen/", session_sheets.catch_up, name="catch_up"),
    path(f"{_MEETING}mitschrift.docx", session_sheets.word, name="session_word"),
    path(_MINUTES, minutes.page, name="minutes"),
    path(f"{_MEETING}protokoll.pdf", minutes.pdf, name="minutes_pdf"),
    path(f"{_MEETING}protokoll.docx", minutes.word, name="minutes_word"),
    path(f"{_MINUTES}vorsitz/", minutes.submit, name="minutes_submit"),
    path(f"{_MINUTES}zurueckholen/", minutes.recall, name="minutes_recall"),
    path(f"{_MINUTES}namen/", minutes.names, name="minutes_names"),
    path(f"{_MINUTES}auszug/<int:top>.pdf", documents.excerpt, name="minutes_excerpt"),
    path(f"{_MEETING}anwesenheitsliste.pdf", documents.attendance_sheet, name="attendance_sheet"),
    path(f"{_MINUTES}versenden/", minutes.circulate, name="minutes_circulate"),
    path(f"{_MINUTES}fehler/", minutes.contest, name="minutes_contest"),
    path(f"{_MINUTES}einwand/<int:pk>/", minutes.resolve, name="minutes_resolve"),
    path(f"{_MINUTES}berichtigung/", minutes.amend, name="minutes_amend"),
    path(f"{_MINUTES}bestaetigung/", minutes.confirm, name="minutes_confirm"),
    path("protokoll/<str:token>/", minutes_links.read, name="minutes_link"),
    path("protokoll/<str:token>/fehler/", minutes_links.contest, name="minutes_link_contest"),
    path("protokoll/<str:token>/protokoll.pdf", minutes_links.pdf, name="minutes_link_pdf"),
    path("protokoll-freigeben/<str:token>/", minutes_links.release, name="minutes_release"),
    path("aufgabe/<str:token>/", tasks.by_owner, name="task_link"),
    path("aufgabe/<str:token>/danke/", tasks.thanks, name="task_thanks"),
    path("auftraege/", tasks.index, name="tasks"),
    path(_TASK, tasks.one, name="task"),
    path(f"{_TASK}rueckmeldung/", tasks.report, name="task_report"),
    path(f"{_TASK}entfaellt/", tasks.drop, name="task_drop"),
    path(f"{_TASK}wieder-oeffnen/", tasks.reopen, name="task_reopen"),
    path(f"{_TASK}uebergeben/", tasks.hand_over, name="task_hand_over"),
    path("beschluesse/", decisions.index, name="decisions"),
    path("beschluesse/tabelle.csv", decisions.table, name="decisions_csv"),
    path(_DECISION, decisions.one, name="decision"),
    path(f"{_DECISION}stand/", decisions.follow_up, name="decision_follow_up"),
    path(f"{_DECISION}aufheben/", decisions.revoke, name="decision_revoke"),
    path(f"{_DECISION}ersetzen/", decisions.supersede, name="decision_supersede"),
]

urlpatterns: list[URLPattern | URLResolver] = [*_dates, *_days, *_agenda, *_relays, *_exchange, *_papers, *_held]
