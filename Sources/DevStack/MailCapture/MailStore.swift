import Foundation

/// The captured messages, newest first, in memory only.
actor MailStore {
    /// What happened since the start.
    struct Counters: Sendable, Equatable {
        var accepted = 0
        var acceptedBytes = 0
        var deleted = 0
    }

    private(set) var messages: [CapturedMail] = []
    private(set) var counters = Counters()
    private(set) var bytes = 0
    private let limits: CaptureLimits

    init(limits: CaptureLimits = CaptureLimits()) { self.limits = limits }

    /// Keeps a message; the oldest ones make room for it.
    func add(_ mail: CapturedMail) {
        messages.insert(mail, at: 0)
        bytes += mail.raw.count
        counters.accepted += 1
        counters.acceptedBytes += mail.raw.count
        while messages.count > 1, messages.count > limits.messages || bytes > limits.totalBytes {
            bytes -= messages.removeLast().raw.count
        }
    }

    /// `latest` is the newest one.
    func message(_ id: String) -> CapturedMail? { id == "latest" ? messages.first : messages.first { $0.id == id } }

    func markRead(_ id: String) {
        if let index = messages.firstIndex(where: { $0.id == id }) { messages[index].isRead = true }
    }

    func remove(where isMeant: (CapturedMail) -> Bool) {
        let before = messages.count
        messages.removeAll(where: isMeant)
        counters.deleted += before - messages.count
        bytes = messages.reduce(0) { $0 + $1.raw.count }
    }
}
