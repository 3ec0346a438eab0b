/// The end of a log, for error messages.
enum LogTail {
    /// The last lines that are not empty.
    static func lastLines(of text: String, count: Int) -> String {
        text.split(separator: "\n").suffix(count).joined(separator: "\n")
    }
}
