/// The commands of the `mariadb` program, which it finds in a script before the server sees anything.
struct ClientCommand {
    enum Action { case setDelimiter, use, send, clear, ignore, report }

    let name: String
    let letter: UInt8
    let takesArguments: Bool
    let action: Action

    private init(_ name: String, _ letter: Character, arguments: Bool = false, _ action: Action = .report) {
        self.name = name
        self.letter = letter.asciiValue ?? 0
        takesArguments = arguments
        self.action = action
    }

    /// The sandbox command only takes rights away from the client, so nothing is lost by passing over it.
    private static let all = [
        ClientCommand("?", "?", arguments: true), ClientCommand("clear", "c", .clear),
        ClientCommand("connect", "r", arguments: true), ClientCommand("delimiter", "d", arguments: true, .setDelimiter),
        ClientCommand("edit", "e"), ClientCommand("ego", "G", .send), ClientCommand("exit", "q"),
        ClientCommand("go", "g", .send), ClientCommand("help", "h", arguments: true), ClientCommand("nopager", "n"),
        ClientCommand("notee", "t"), ClientCommand("nowarning", "w"), ClientCommand("pager", "P", arguments: true),
        ClientCommand("print", "p"), ClientCommand("prompt", "R", arguments: true), ClientCommand("quit", "q"),
        ClientCommand("rehash", "#"), ClientCommand("sandbox", "-", .ignore),
        ClientCommand("source", ".", arguments: true), ClientCommand("status", "s"),
        ClientCommand("system", "!", arguments: true), ClientCommand("tee", "T", arguments: true),
        ClientCommand("use", "u", arguments: true, .use), ClientCommand("charset", "C", arguments: true),
        ClientCommand("warnings", "W"),
    ]

    private static let byName = Dictionary(uniqueKeysWithValues: all.map { (key(of: $0.name.utf8), $0) })
    private static let byLetter = Dictionary(all.map { ($0.letter, $0) }, uniquingKeysWith: { first, _ in first })

    /// Indexed by the low five bits, in which upper and lower case agree.
    private static let initials = (0..<32).map { bits in all.contains { Int($0.name.utf8.first! & 31) == bits } }

    /// No command is longer than this; a longer first word needs no look-up.
    static let longestName = 9

    /// Eight bytes in lower case: enough to tell the commands apart, and cheap, as every statement is looked up.
    private static func key(of word: some Sequence<UInt8>) -> UInt64 {
        word.prefix(8).reduce(0) { $0 << 8 | UInt64(ASCII.lowercased($1)) }
    }

    /// The command of that name, in any case.
    static func named(_ word: UnsafeRawBufferPointer) -> ClientCommand? {
        guard let first = word.first, initials[Int(first & 31)], let command = byName[key(of: word)],
            command.name.utf8.elementsEqual(word.lazy.map(ASCII.lowercased))
        else { return nil }
        return command
    }

    /// The command behind a backslash; here upper and lower case differ.
    static func lettered(_ letter: UInt8) -> ClientCommand? { byLetter[letter] }
}
