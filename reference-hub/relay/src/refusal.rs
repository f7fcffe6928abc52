//! Why the hub says no. The shell gives each refusal its words and its status.

use careplan_standard::{OfficeNumber, Party};
use time::OffsetDateTime;

use crate::Remark;

/// A decision against the one who asked. Nothing has changed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Refusal {
    /// There is no such session.
    SessionMissing,
    /// The session's time is over.
    SessionExpired,
    /// The session belongs to another certificate.
    SessionElsewhere,
    /// The session belongs to another terminal.
    SessionOtherTerminal,
    /// The files name another sender than the office that logged in.
    SenderMismatch {
        /// The sender that the files name.
        named: OfficeNumber,
    },
    /// The caller's office never had a licence.
    LicenceMissing,
    /// The caller's licence ran out.
    LicenceExpired,
    /// There is a licence already.
    LicenceInForce {
        /// Until when.
        until: OffsetDateTime,
    },
    /// The office number had its フリーパス.
    FreePassUsed,
    /// フリーパス cannot be applied for on that day.
    FreePassClosed,
    /// The recipient is not registered.
    RecipientUnknown(OfficeNumber),
    /// The recipient does not provide the service kind that the files name.
    RecipientKindUnknown(Party),
    /// The sender does not provide the service kind that the files name.
    SenderKindUnknown(Party),
    /// None of the sender's services may send such a file.
    SenderRole {
        /// The kind of file, by its prefix.
        file: String,
    },
    /// None of the recipient's services may receive such a file.
    RecipientRole {
        /// The kind of file, by its prefix.
        file: String,
    },
    /// The recipient has no licence in force.
    RecipientLicence(OfficeNumber),
    /// Sender and recipient are one office.
    RecipientIsSender,
    /// Neither a file's name nor the sender's choice says where to.
    RecipientMissing,
    /// Files, or files and choice, name more than one recipient.
    RecipientsDiffer,
    /// No file.
    SendingEmpty,
    /// 実績 without a single record.
    ResultsEmpty {
        /// The file.
        file: String,
    },
    /// The files break error rules of the standard.
    FilesRefused(Vec<Remark>),
    /// A name that cannot lie on every disk, or stands twice.
    FileName {
        /// The name.
        file: String,
    },
    /// An extension that is not carried.
    FileType {
        /// The file.
        file: String,
    },
    /// The content is not what the extension says.
    FileContent {
        /// The file.
        file: String,
    },
    /// Whatever its name says, the file is a document of Word, Excel or PowerPoint, or an archive.
    FileDocument {
        /// The file.
        file: String,
    },
    /// More files than one sending may carry.
    TooManyFiles {
        /// How many it may carry.
        max: usize,
    },
    /// A file, or all together, are larger than may be.
    TooLarge {
        /// The file that is too large or was one too many.
        file: String,
        /// How many bytes there may be.
        max: usize,
    },
    /// The message is longer than may be.
    MessageTooLong {
        /// How many characters there may be.
        max: usize,
    },
    /// The message has control characters.
    MessageCharacters,
    /// The key was used with other content.
    IdempotencyKeyReused,
    /// There is no such thing for this caller.
    NotFound,
    /// Another terminal holds the delivery.
    DeliveryElsewhere,
    /// This terminal held the delivery until its lease was over or its office took it back.
    ClaimLost,
    /// A receipt for a delivery with a file that the terminal never asked for.
    FileUnfetched {
        /// Which, or the first of them.
        file: String,
    },
    /// It has been kept for as long as things are kept.
    RetentionOver,
    /// A fetched delivery cannot be given back.
    DeliveryFetched,
    /// The hub's profile has no such operation.
    ProfileLacks,
}
