import Foundation

/// The API whose accounts are tested.
struct LifecycleAPI: Sendable {
    /// Longest that is waited for a throttle to let the test go on.
    private static let throttlePatience = 90

    let base: String
    let administratorToken: Secret

    /// Sends a request; one that the throttle refuses is sent once more when that says so.
    func call(
        _ method: String, _ path: String, _ body: [String: String]? = nil, token: Secret? = nil
    ) async throws -> HTTPCall.Answer {
        var call = HTTPCall(method: method, url: base + path)
        call.headers["Accept"] = "application/json"
        if let token { call.headers["Authorization"] = "Bearer \(token.exposed)" }
        if let body {
            call.headers["Content-Type"] = "application/json"
            call.body = try JSONEncoder().encode(body)
        }
        let answer = try await call.send()
        guard answer.status == 429, let seconds = answer.headers["retry-after"].flatMap({ Int($0) }),
            (0...Self.throttlePatience).contains(seconds)
        else { return answer }
        try await Task.sleep(for: .seconds(seconds))
        return try await call.send()
    }

    /// The same with the Administrator's token.
    func administer(_ method: String, _ path: String) async throws -> HTTPCall.Answer {
        try await call(method, path, token: administratorToken)
    }

    /// The id of an account that just signed up: SysNDD itself does not tell it in its answer.
    func userID(of userName: String, _ answer: HTTPCall.Answer) async throws -> Int {
        if let id = (try? answer.decoded(Row.self))?.userId?.value { return id }
        let list = try await administer("GET", "/api/user/table?page_size=all").expecting(200, "the list of accounts")
        let rows = try list.decoded(Table.self).data
        guard let id = rows.first(where: { $0.userName?.value == userName })?.userId?.value else {
            throw LifecycleFailure("the account is not in the list of accounts")
        }
        return id
    }

    private struct Table: Decodable { let data: [Row] }

    private struct Row: Decodable {
        let userId: Boxed<Int>?
        let userName: Boxed<String>?
    }
}

/// A value as such, or as an array of one, which is how R writes it.
struct Boxed<Value: Decodable & Sendable>: Decodable, Sendable {
    let value: Value

    init(from decoder: any Decoder) throws {
        let container = try decoder.singleValueContainer()
        if let plain = try? container.decode(Value.self) {
            value = plain
        } else if let first = try container.decode([Value].self).first {
            value = first
        } else {
            throw DecodingError.dataCorruptedError(in: container, debugDescription: "an empty array")
        }
    }
}

extension HTTPCall.Answer {
    /// - Throws: ``LifecycleFailure`` for another status. What the answer says is left out: it may hold what is secret.
    @discardableResult
    func expecting(_ expected: Int..., what: String) throws -> HTTPCall.Answer {
        guard expected.contains(status) else {
            let wanted = expected.map(String.init).joined(separator: " or ")
            throw LifecycleFailure("\(what) answered \(status) instead of \(wanted)\(reason)")
        }
        return self
    }

    @discardableResult
    func expecting(_ expected: Int, _ what: String) throws -> HTTPCall.Answer { try expecting(expected, what: what) }

    /// The body as JSON, whose names are in snake_case.
    func decoded<Value: Decodable>(_ type: Value.Type) throws -> Value {
        let decoder = JSONDecoder()
        decoder.keyDecodingStrategy = .convertFromSnakeCase
        do {
            return try decoder.decode(type, from: body)
        } catch {
            throw LifecycleFailure("the answer is not the JSON that is expected here")
        }
    }

    /// The code of the error, where the answer names one.
    private var reason: String {
        struct Refusal: Decodable { let error: Boxed<String> }
        return (try? JSONDecoder().decode(Refusal.self, from: body)).map { " (\($0.error.value.prefix(80)))" } ?? ""
    }
}
