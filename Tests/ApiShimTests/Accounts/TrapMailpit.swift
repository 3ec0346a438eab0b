import Foundation
import Hummingbird
import Logging
import NIOCore
import Synchronization

/// What a lifecycle test asks of Mailpit's API, answered from a mail trap. A mail's id is its place in the trap.
final class TrapMailpit: Sendable {
    private struct Person: Encodable {
        let address: String

        enum CodingKeys: String, CodingKey { case address = "Address" }
    }

    private struct Message: Encodable {
        let id: String
        let subject: String
        let to: [Person]
        let text: String

        enum CodingKeys: String, CodingKey {
            case id = "ID"
            case subject = "Subject"
            case to = "To"
            case text = "Text"
        }
    }

    private struct Listing: Encodable {
        let total: Int
        let messages: [Message]
    }

    private struct Removal: Decodable {
        let ids: [String]?

        enum CodingKeys: String, CodingKey { case ids = "IDs" }
    }

    private let trap: MailTrap
    private let removed = Mutex<Set<String>>([])

    init(_ trap: MailTrap) { self.trap = trap }

    /// The recipients of what is there.
    var recipients: [String] { messages.flatMap { $0.to.map(\.address) } }

    func application() -> some ApplicationProtocol {
        let router = Router()
        router.get("/api/v1/messages") { [self] _, _ in try Self.json(listing(messages)) }
        router.get("/api/v1/search") { [self] request, _ in
            let query = request.uri.queryParameters["query"].map(String.init) ?? ""
            return try Self.json(listing(messages.filter { query == "to:\"\($0.to[0].address)\"" }))
        }
        router.get("/api/v1/message/:id") { [self] _, context in
            let id = try context.parameters.require("id")
            guard let message = messages.first(where: { $0.id == id }) else { throw HTTPError(.notFound) }
            return try Self.json(message)
        }
        router.delete("/api/v1/messages") { [self] request, _ in
            let body = try await request.body.collect(upTo: 1 << 16)
            let ids = try JSONDecoder().decode(Removal.self, from: Data(body.readableBytesView)).ids
            removed.withLock { $0.formUnion(ids ?? messages.map(\.id)) }
            return Response(status: .ok)
        }
        return Application(
            router: router, configuration: .init(address: .hostname("127.0.0.1", port: 0)),
            logger: Logger(label: "mailpit") { _ in SwiftLogNoOpLogHandler() })
    }

    /// Newest first, as Mailpit lists them.
    private var messages: [Message] {
        let gone = removed.withLock { $0 }
        return trap.mails.enumerated().reversed().filter { !gone.contains(String($0.offset)) }.map { offset, mail in
            Message(
                id: String(offset), subject: mail.header("Subject") ?? "",
                to: [Person(address: mail.header("To") ?? "")], text: mail.text)
        }
    }

    private func listing(_ messages: [Message]) -> Listing { Listing(total: messages.count, messages: messages) }

    private static func json(_ value: some Encodable) throws -> Response {
        Response(
            status: .ok, headers: [.contentType: "application/json"],
            body: .init(byteBuffer: ByteBuffer(bytes: try JSONEncoder().encode(value))))
    }
}
