// swift-format-ignore-file: AlwaysUseLowerCamelCase

import Foundation

/// The JSON documents of Mailpit's API v1, field by field: tests that know one know the other.
enum MailboxDocuments {
    struct Summary: Encodable {
        let ID, MessageID: String
        let Read: Bool
        let From: CapturedMail.Address
        let To, Cc, Bcc, ReplyTo: [CapturedMail.Address]
        let Subject, Created, Username: String
        let Tags: [String] = []
        let Size, Attachments: Int
        let Snippet: String

        init(_ mail: CapturedMail) {
            ID = mail.id
            MessageID = mail.messageID
            Read = mail.isRead
            From = mail.from
            To = mail.addresses("To")
            Cc = mail.addresses("Cc")
            Bcc = mail.blindCopies
            ReplyTo = mail.addresses("Reply-To")
            Subject = mail.subject
            Created = mail.created.formatted(.iso8601)
            Username = mail.envelope.user
            Size = mail.raw.count
            Attachments = mail.attachments.count
            Snippet = mail.snippet
        }
    }

    struct List: Encodable {
        let total, unread, count: Int
        let messages_count, messages_unread, start: Int
        let tags: [String] = []
        let messages: [Summary]

        /// - Parameters:
        ///   - all: every captured message.
        ///   - found: those that are meant.
        init(_ all: [CapturedMail], found: [CapturedMail], start: Int, limit: Int) {
            let page = found.dropFirst(start).prefix(limit)
            total = all.count
            unread = all.count { !$0.isRead }
            count = page.count
            messages_count = found.count
            messages_unread = found.count { !$0.isRead }
            self.start = start
            messages = page.map(Summary.init)
        }
    }

    struct Attachment: Encodable {
        let PartID, FileName, ContentType, ContentID: String
        let Size: Int
    }

    struct Message: Encodable {
        let ID, MessageID: String
        let From: CapturedMail.Address
        let To, Cc, Bcc, ReplyTo: [CapturedMail.Address]
        let ReturnPath, Subject, Date, Username: String
        let Tags: [String] = []
        let Text, HTML: String
        let Size: Int
        let Inline: [Attachment] = []
        let Attachments: [Attachment]

        init(_ mail: CapturedMail) {
            ID = mail.id
            MessageID = mail.messageID
            From = mail.from
            To = mail.addresses("To")
            Cc = mail.addresses("Cc")
            Bcc = mail.blindCopies
            ReplyTo = mail.addresses("Reply-To")
            ReturnPath = mail.envelope.sender
            Subject = mail.subject
            Date = mail.created.formatted(.iso8601)
            Username = mail.envelope.user
            Text = mail.text
            HTML = mail.html
            Size = mail.raw.count
            Attachments = mail.leaves.enumerated().filter(\.element.isAttachment).map { index, part in
                let id = (part.header["Content-ID"] ?? "").trimmingCharacters(in: CharacterSet(charactersIn: "<>"))
                return Attachment(
                    PartID: "\(index + 1)", FileName: part.fileName, ContentType: part.type, ContentID: id,
                    Size: part.content.count)
            }
        }
    }

    struct Information: Encodable {
        struct Statistics: Encodable {
            let Uptime, MessagesDeleted, SMTPAccepted, SMTPAcceptedSize: Int
        }

        let Version: String
        let Database = "memory"
        let DatabaseSize, Messages, Unread: Int
        let Tags: [String: Int] = [:]
        let RuntimeStats: Statistics
    }
}
