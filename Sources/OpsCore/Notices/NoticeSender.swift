import Foundation

/// Sends requests, a few times over where that can help, and never for long.
struct NoticeSender: Sendable {
    /// How often, and how patiently.
    struct Patience: Sendable {
        var limit = Duration.seconds(10)
        /// Before each further attempt.
        var pauses: [Duration] = [.milliseconds(500), .seconds(2)]

        /// One short attempt, where somebody waits for the process to end.
        static let little = Patience(limit: .seconds(5), pauses: [])
    }

    var patience = Patience()

    /// - Returns: why nobody has taken it; nil when somebody has.
    func send(_ request: NoticeRequest) async -> String? {
        var pauses = patience.pauses[...]
        while true {
            do {
                try await request.send(within: patience.limit)
                return nil
            } catch let refusal as NoticeRequest.Refusal {
                guard refusal.isTemporary, let pause = pauses.popFirst() else { return refusal.reason }
                do { try await Task.sleep(for: pause) } catch { return refusal.reason }
            } catch {
                return "\(error)"
            }
        }
    }
}
