/// A script for the comparison with the real client.
struct LexerScript: Sendable {
    /// The client's ways to treat comments.
    enum Mode: String, CaseIterable, Sendable {
        /// `--comments`: comments are sent, so the text of every statement is compared byte by byte.
        case comments
        /// The default: comments are dropped, so they are taken out of both sides before they are compared.
        case noComments
    }

    let name: String
    let bytes: [UInt8]
    /// The modes in which the client's own treatment of comments does not come in the way.
    let modes: [Mode]

    init(_ name: String, _ text: String, modes: [Mode] = Mode.allCases) {
        self.init(name, Array(text.utf8), modes: modes)
    }

    init(_ name: String, _ bytes: [UInt8], modes: [Mode] = Mode.allCases) {
        self.name = name
        self.bytes = bytes
        self.modes = modes
    }
}
