import Synchronization

/// Tells why mails do not go out: each reason once, until one goes out again.
final class OutboxComplaint: Sendable {
    private let last = Mutex<String?>(nil)
    private let tell: @Sendable (any OperatorError) -> Void

    init(_ tell: @escaping @Sendable (any OperatorError) -> Void) { self.tell = tell }

    func failed(_ error: any Error) {
        guard let error = error as? any OperatorError else { return }
        let isNew = last.withLock { last in
            defer { last = error.code }
            return last != error.code
        }
        if isNew { tell(error) }
    }

    func succeeded() { last.withLock { $0 = nil } }
}
