/// Something about a schema that an operator should know, although the dump goes on.
public struct SchemaNotice: Sendable, Equatable, Codable {
    public enum Reason: String, Sendable, Codable {
        /// A view that uses something that is gone; it is kept as a comment and not restored.
        case brokenView
        /// The plain client, as it runs by default, changes white space or comments in the text of the object.
        case changedByPlainClient
        /// The server prints characters outside its own character set as `?`, so the definition may have lost some.
        case unprintableCharacters
    }

    public let kind: SchemaObject.Kind
    public let name: String
    public let reason: Reason
    /// For people: what it is and what to do.
    public let text: String

    init(_ kind: SchemaObject.Kind, _ name: String, _ reason: Reason, _ text: String) {
        self.kind = kind
        self.name = name
        self.reason = reason
        self.text = text
    }
}
