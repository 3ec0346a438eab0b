/// The lines of a program's output that tell why it failed.
enum LogTail {
    /// The last lines that are not empty.
    static func lastLines(of text: String, count: Int) -> String {
        text.split(separator: "\n").suffix(count).joined(separator: "\n")
    }

    /// The lines that speak of an error, or else the last ones: some programs add pages of general advice.
    static func reason(in text: String) -> String {
        let errors = text.split(separator: "\n").filter { $0.lowercased().contains("error") }
        return errors.isEmpty ? lastLines(of: text, count: 8) : errors.prefix(8).joined(separator: "\n")
    }
}
