import Synchronization

/// Refusals on demand, so that tests see how a program takes them; Mailpit calls it chaos.
struct CaptureChaos: Codable, Sendable, Equatable {
    /// What happens at one place of the dialogue.
    struct Trigger: Codable, Sendable, Equatable {
        private enum CodingKeys: String, CodingKey {
            case errorCode = "ErrorCode"
            case probability = "Probability"
        }

        /// 400 to 599.
        var errorCode = 451
        /// Percent.
        var probability = 0

        var isValid: Bool { (400...599).contains(errorCode) && (0...100).contains(probability) }

        /// The reply that is due now; nil to go on as usual.
        func reply() -> String? {
            Int.random(in: 0..<100) < probability ? "\(errorCode) chaos: refused on demand" : nil
        }
    }

    private enum CodingKeys: String, CodingKey {
        case authentication = "Authentication"
        case recipient = "Recipient"
        case sender = "Sender"
    }

    var authentication = Trigger(errorCode: 535)
    var recipient = Trigger()
    var sender = Trigger()

    init() {}

    /// What is not named is off.
    init(from decoder: any Decoder) throws {
        let container = try decoder.container(keyedBy: CodingKeys.self)
        authentication = try container.decodeIfPresent(Trigger.self, forKey: .authentication) ?? authentication
        recipient = try container.decodeIfPresent(Trigger.self, forKey: .recipient) ?? recipient
        sender = try container.decodeIfPresent(Trigger.self, forKey: .sender) ?? sender
    }

    var isValid: Bool { [authentication, recipient, sender].allSatisfy(\.isValid) }

    /// The triggers in force, shared by the API that sets them and the sessions that obey.
    final class Switch: Sendable {
        private let current = Mutex(CaptureChaos())

        var value: CaptureChaos {
            get { current.withLock { $0 } }
            set { current.withLock { $0 = newValue } }
        }
    }
}
