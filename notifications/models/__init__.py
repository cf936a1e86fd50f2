from .inbound_message import InboundMessage as InboundMessage
from .invitation import Invitation as Invitation
from .mail_return import MailReturn as MailReturn
from .mailbox import MailboxState as MailboxState
from .outbox_message import Dispatch as Dispatch
from .outbox_message import OutboxMessage as OutboxMessage
from .outbox_message import RingState as RingState
from .telephone_mark import TelephoneMark as TelephoneMark
