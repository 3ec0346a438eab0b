import Foundation
import Synchronization

/// The time in ISO 8601, in whole seconds of UTC. It is written once a second, however many ask.
final class Timestamp: Sendable {
    static let shared = Timestamp()

    private let kept = Mutex((second: Int.min, text: ""))

    func text(at date: Date = .now) -> String {
        let second = Int(date.timeIntervalSince1970.rounded(.down))
        return kept.withLock { kept in
            if kept.second != second { kept = (second, date.formatted(.iso8601)) }
            return kept.text
        }
    }
}
