import Hummingbird

/// The body of a call that has to say that it is meant.
struct Confirmation: Decodable {
    /// What it is about, where the path does not say it.
    var filename: String?
    var confirm: String?

    /// The body of a request; empty where it has none.
    static func read(_ request: Request) async throws -> Confirmation {
        try await JSONBody.decodeIfPresent(Confirmation.self, from: request) ?? Confirmation()
    }

    /// - Throws: ``OperationError`` 400 `CONFIRMATION_REQUIRED` unless it is meant.
    func require(_ word: String) throws {
        guard confirm == word else {
            throw OperationError(
                .badRequest, "CONFIRMATION_REQUIRED", "send {\"confirm\": \"\(word)\"} to say that this is meant")
        }
    }
}
