import Foundation
import Synchronization

/// Counts the attempts of each client in a sliding window.
///
/// It is the memory of one process: every replica of the shim counts for itself.
final class Throttle: Sendable {
    enum Verdict: Equatable {
        case admitted
        /// Too often; in so many whole seconds the next attempt will be admitted.
        case refused(retryAfter: Int)
        /// Nobody can be counted any more, so nobody is admitted.
        case unavailable
    }

    private let maximum: Int
    private let window: Duration
    private let capacity: Int
    private let attempts = Mutex<[ClientAddress: [ContinuousClock.Instant]]>([:])

    /// - Parameter capacity: most clients that are remembered; beyond it new ones are turned away, not old ones forgotten.
    init(maximum: Int, window: Duration, capacity: Int = 100_000) {
        self.maximum = maximum
        self.window = window
        self.capacity = capacity
    }

    /// Counts one attempt. One that is refused does not count, so waiting helps.
    func attempt(by client: ClientAddress, at now: ContinuousClock.Instant = .now) -> Verdict {
        attempts.withLock { attempts in
            let start = now - window
            if attempts[client] == nil, attempts.count >= capacity {
                attempts = attempts.filter { $0.value.last.map { $0 > start } ?? false }
                guard attempts.count < capacity else { return .unavailable }
            }
            var recent = (attempts[client] ?? []).filter { $0 > start }
            guard recent.count < maximum else {
                attempts[client] = recent
                return .refused(retryAfter: Self.seconds(from: now, to: recent[0] + window))
            }
            recent.append(now)
            attempts[client] = recent
            return .admitted
        }
    }

    private static func seconds(from now: ContinuousClock.Instant, to end: ContinuousClock.Instant) -> Int {
        let rest = now.duration(to: end).components
        return max(1, Int(rest.seconds) + (rest.attoseconds > 0 ? 1 : 0))
    }
}
