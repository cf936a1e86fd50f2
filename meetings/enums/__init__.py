"""States of what happens, in words, and beside each the moves that are allowed.

A move that stands in no table does not exist; `domain/moves.py` is the only gate. A thing's first state is
given when it is created. Sources: the practice of municipal committees, and OParl 1.1 for the vocabulary.
"""

from meetings.enums.action_item import ACTION_ITEM_MOVES as ACTION_ITEM_MOVES
from meetings.enums.action_item import ActionItemState as ActionItemState
from meetings.enums.agenda_item import AGENDA_ITEM_MOVES as AGENDA_ITEM_MOVES
from meetings.enums.agenda_item import AgendaItemKind as AgendaItemKind
from meetings.enums.agenda_item import AgendaItemState as AgendaItemState
from meetings.enums.agenda_item import StandingCode as StandingCode
from meetings.enums.agenda_release import FOLDER_MOVES as FOLDER_MOVES
from meetings.enums.agenda_release import RELEASE_MOVES as RELEASE_MOVES
from meetings.enums.agenda_release import FolderState as FolderState
from meetings.enums.agenda_release import ReleaseState as ReleaseState
from meetings.enums.calendar import CalendarEntryKind as CalendarEntryKind
from meetings.enums.circular import CIRCULAR_ENDED as CIRCULAR_ENDED
from meetings.enums.circular import CIRCULAR_MOVES as CIRCULAR_MOVES
from meetings.enums.circular import BallotChoice as BallotChoice
from meetings.enums.circular import CircularState as CircularState
from meetings.enums.circular import LapseReason as LapseReason
from meetings.enums.circular import ProcedureAnswer as ProcedureAnswer
from meetings.enums.decision import DECISION_MOVES as DECISION_MOVES
from meetings.enums.decision import DECISION_OPEN as DECISION_OPEN
from meetings.enums.decision import DECISION_STANDING as DECISION_STANDING
from meetings.enums.decision import DECISION_TAKE_BACK_MOVES as DECISION_TAKE_BACK_MOVES
from meetings.enums.decision import DecisionKind as DecisionKind
from meetings.enums.decision import DecisionProcedure as DecisionProcedure
from meetings.enums.decision import DecisionState as DecisionState
from meetings.enums.journal import Happened as Happened
from meetings.enums.meeting import BEGUN as BEGUN
from meetings.enums.meeting import COMING as COMING
from meetings.enums.meeting import DEPUTY_REQUEST_MOVES as DEPUTY_REQUEST_MOVES
from meetings.enums.meeting import DEPUTY_REQUEST_TAKE_BACK_MOVES as DEPUTY_REQUEST_TAKE_BACK_MOVES
from meetings.enums.meeting import MEETING_MOVES as MEETING_MOVES
from meetings.enums.meeting import NOT_AHEAD as NOT_AHEAD
from meetings.enums.meeting import TOOK_PLACE as TOOK_PLACE
from meetings.enums.meeting import Answer as Answer
from meetings.enums.meeting import Channel as Channel
from meetings.enums.meeting import ConflictWeight as ConflictWeight
from meetings.enums.meeting import DeadlineKind as DeadlineKind
from meetings.enums.meeting import DeputyRequestState as DeputyRequestState
from meetings.enums.meeting import MeetingMode as MeetingMode
from meetings.enums.meeting import MeetingState as MeetingState
from meetings.enums.meeting import Presence as Presence
from meetings.enums.minutes import MINUTES_MOVES as MINUTES_MOVES
from meetings.enums.minutes import OBJECTION_MOVES as OBJECTION_MOVES
from meetings.enums.minutes import Approval as Approval
from meetings.enums.minutes import MinutesState as MinutesState
from meetings.enums.minutes import ObjectionState as ObjectionState
from meetings.enums.moves import Moves as Moves
from meetings.enums.notice import NOTICE_MOVES as NOTICE_MOVES
from meetings.enums.notice import REMARK_MOVES as REMARK_MOVES
from meetings.enums.notice import NoticeState as NoticeState
from meetings.enums.notice import RemarkState as RemarkState
from meetings.enums.relay import RELAY_MOVES as RELAY_MOVES
from meetings.enums.relay import RELAY_OPEN as RELAY_OPEN
from meetings.enums.relay import RELAY_TAKE_BACK_MOVES as RELAY_TAKE_BACK_MOVES
from meetings.enums.relay import RELAY_TRAVELLING as RELAY_TRAVELLING
from meetings.enums.relay import RelayAnswerKind as RelayAnswerKind
from meetings.enums.relay import RelayKind as RelayKind
from meetings.enums.relay import RelayOutcome as RelayOutcome
from meetings.enums.relay import RelayState as RelayState
from meetings.enums.search import SearchKind as SearchKind
