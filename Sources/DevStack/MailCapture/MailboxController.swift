import Foundation
import HTTPTypes
import Hummingbird
import NIOCore
import OpsCore

/// Mailpit's REST API over the captured messages, as far as tests use it.
struct MailboxController: Sendable {
    private static let bodyLimit = 1_048_576
    private static let root = "/api/v1"

    let store: MailStore
    let chaos: CaptureChaos.Switch
    private let started = ContinuousClock.now

    init(store: MailStore, chaos: CaptureChaos.Switch) {
        self.store = store
        self.chaos = chaos
    }

    func addRoutes(to router: Router<BasicRequestContext>) {
        let root = Self.root
        router.get("\(root)/messages", use: list)
        router.delete("\(root)/messages", use: delete)
        router.get("\(root)/search", use: search)
        router.delete("\(root)/search", use: deleteFound)
        router.get("\(root)/message/:id", use: message)
        router.get("\(root)/message/:id/raw", use: raw)
        router.get("\(root)/info", use: information)
        router.get("\(root)/chaos") { _, _ in try Self.json(chaos.value) }
        router.put("\(root)/chaos", use: setChaos)
        for path in ["/livez", "/readyz"] { router.get("\(path)") { _, _ in Self.text("OK") } }
        router.get("/") { _, _ in MailboxPage.response(await store.messages) }
        router.get("/view/:id", use: view)
    }

    private func list(_ request: Request, _: BasicRequestContext) async throws -> Response {
        let all = await store.messages
        return try page(request, all, found: all)
    }

    private func search(_ request: Request, _: BasicRequestContext) async throws -> Response {
        let all = await store.messages
        let query = try Self.query(request)
        return try page(request, all, found: all.filter(query.matches))
    }

    private func page(_ request: Request, _ all: [CapturedMail], found: [CapturedMail]) throws -> Response {
        let start = request.uri.queryParameters["start"].flatMap { Int($0) } ?? 0
        let limit = request.uri.queryParameters["limit"].flatMap { Int($0) } ?? 50
        guard start >= 0, limit > 0 else { return Self.text("Error: start or limit is no number", .badRequest) }
        return try Self.json(MailboxDocuments.List(all, found: found, start: start, limit: limit))
    }

    /// Those named in `{"IDs": […]}`; all of them without a body, or with an empty list.
    private func delete(_ request: Request, _: BasicRequestContext) async throws -> Response {
        // swift-format-ignore: AlwaysUseLowerCamelCase
        struct Wanted: Decodable { var IDs: [String]? }
        let body = try await request.body.collect(upTo: Self.bodyLimit)
        var wanted = Set<String>()
        if body.readableBytes > 0 {
            guard let read = try? JSONDecoder().decode(Wanted.self, from: Data(body.readableBytesView)) else {
                return Self.text("Error: the body is no list of ids", .badRequest)
            }
            wanted = Set(read.IDs ?? [])
        }
        await store.remove { wanted.isEmpty || wanted.contains($0.id) }
        return Self.text("ok")
    }

    private func deleteFound(_ request: Request, _: BasicRequestContext) async throws -> Response {
        let query = try Self.query(request)
        await store.remove { query.matches($0) }
        return Self.text("ok")
    }

    private static func query(_ request: Request) throws -> MailSearch {
        guard let text = request.uri.queryParameters["query"], !text.isEmpty else {
            throw HTTPError(.badRequest, message: "Error: no search query")
        }
        return MailSearch(String(text))
    }

    private func found(_ context: BasicRequestContext) async throws -> CapturedMail {
        guard let mail = await store.message(try context.parameters.require("id")) else {
            throw HTTPError(.notFound, message: "Error: message not found")
        }
        return mail
    }

    /// To look at a message is to read it.
    private func message(_: Request, _ context: BasicRequestContext) async throws -> Response {
        let mail = try await found(context)
        await store.markRead(mail.id)
        return try Self.json(MailboxDocuments.Message(mail))
    }

    private func raw(_: Request, _ context: BasicRequestContext) async throws -> Response {
        let mail = try await found(context)
        return Response(
            status: .ok, headers: Self.headers("text/plain; charset=utf-8"),
            body: .init(byteBuffer: ByteBuffer(bytes: mail.raw)))
    }

    private func view(_: Request, _ context: BasicRequestContext) async throws -> Response {
        let mail = try await found(context)
        await store.markRead(mail.id)
        return MailboxPage.response(mail)
    }

    private func information(_: Request, _: BasicRequestContext) async throws -> Response {
        let messages = await store.messages
        let counters = await store.counters
        return try Self.json(
            MailboxDocuments.Information(
                Version: "sysndd-ctl \(ToolVersion.current)", DatabaseSize: await store.bytes, Messages: messages.count,
                Unread: messages.count { !$0.isRead },
                RuntimeStats: .init(
                    Uptime: Int((ContinuousClock.now - started).components.seconds), MessagesDeleted: counters.deleted,
                    SMTPAccepted: counters.accepted, SMTPAcceptedSize: counters.acceptedBytes)))
    }

    private func setChaos(_ request: Request, _: BasicRequestContext) async throws -> Response {
        let body = try await request.body.collect(upTo: Self.bodyLimit)
        let wanted = try? JSONDecoder().decode(CaptureChaos.self, from: Data(body.readableBytesView))
        guard let wanted, wanted.isValid else { return Self.text("Error: no such chaos", .badRequest) }
        chaos.value = wanted
        return try Self.json(wanted)
    }

    // MARK: - Answers

    private static func json(_ value: some Encodable) throws -> Response {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.withoutEscapingSlashes, .sortedKeys]
        return Response(
            status: .ok, headers: headers("application/json"),
            body: .init(byteBuffer: ByteBuffer(bytes: try encoder.encode(value))))
    }

    private static func text(_ text: String, _ status: HTTPResponse.Status = .ok) -> Response {
        Response(
            status: status, headers: headers("text/plain; charset=utf-8"),
            body: .init(byteBuffer: ByteBuffer(string: text)))
    }

    private static func headers(_ type: String) -> HTTPFields { [.contentType: type, .cacheControl: "no-store"] }
}
