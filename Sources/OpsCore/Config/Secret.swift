/// A text that must not be shown: a password, a signing key, a URL that is a capability.
///
/// Printing, interpolating, dumping, reflecting and encoding all give `<redacted>`; the value itself is only to be had
/// by its explicit name, ``exposed``.
public struct Secret: Sendable, Equatable {
    /// What stands in the place of a secret wherever one would be shown.
    public static let redacted = "<redacted>"

    /// The value itself, for the one call that needs it. It belongs in no log, error, argument list or file of ours.
    public let exposed: String

    /// Hides a value.
    public init(_ value: String) {
        exposed = value
    }
}

extension Secret: CustomStringConvertible, CustomDebugStringConvertible, CustomReflectable {
    /// `<redacted>`.
    public var description: String { Self.redacted }
    /// `<redacted>`.
    public var debugDescription: String { Self.redacted }
    /// Has no children, so that `dump` and reflection find nothing.
    public var customMirror: Mirror { Mirror(self, children: []) }
}

/// Only encodable: `<redacted>` cannot be turned back into the value.
extension Secret: Encodable {
    /// Encodes `<redacted>`.
    public func encode(to encoder: any Encoder) throws {
        var container = encoder.singleValueContainer()
        try container.encode(Self.redacted)
    }
}
