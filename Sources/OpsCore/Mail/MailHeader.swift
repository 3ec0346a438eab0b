import Foundation

/// Texts of header fields: pure ASCII, folded, whatever goes in.
enum MailHeader {
    /// Any text: as it is where that is safe, else in encoded words (RFC 2047).
    static func unstructured(_ text: String) -> String {
        needsEncoding(text) ? encodedWords(text) : text
    }

    /// A list of mailboxes, each on a line of its own.
    static func mailboxes(_ addresses: [MailAddress]) -> String {
        addresses.map(mailbox).joined(separator: ",\r\n ")
    }

    /// A date in UTC; names are English, whatever the locale.
    static func date(_ date: Date) -> String {
        var calendar = Calendar(identifier: .gregorian)
        calendar.timeZone = .gmt
        let parts = calendar.dateComponents([.weekday, .day, .month, .year, .hour, .minute, .second], from: date)
        let days = ["Sun", "Mon", "Tue", "Wed", "Thu", "Fri", "Sat"]
        let months = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"]
        let time = [parts.hour!, parts.minute!, parts.second!].map(twoDigits).joined(separator: ":")
        return "\(days[parts.weekday! - 1]), \(twoDigits(parts.day!)) \(months[parts.month! - 1]) \(parts.year!) "
            + "\(time) +0000"
    }

    private static func twoDigits(_ number: Int) -> String { (number < 10 ? "0" : "") + String(number) }

    private static func mailbox(_ address: MailAddress) -> String {
        guard let name = address.name else { return address.address }
        return (needsEncoding(name) ? encodedWords(name) : quoted(name)) + " <\(address.address)>"
    }

    private static func quoted(_ name: String) -> String {
        "\"" + name.replacing("\\", with: "\\\\").replacing("\"", with: "\\\"") + "\""
    }

    /// A long line is encoded too: that folds it without a change to its blanks.
    private static func needsEncoding(_ text: String) -> Bool {
        text.utf8.count > 60 || text.contains("=?")
            || text.unicodeScalars.contains { !$0.isASCII || $0.value < 32 || $0.value == 127 }
    }

    /// Each word is at most 75 characters long and holds whole characters (RFC 2047, 2 and 5).
    private static func encodedWords(_ text: String) -> String {
        var words: [[UInt8]] = [[]]
        for scalar in text.unicodeScalars {
            let bytes = Array(String(scalar).utf8)
            if words[words.count - 1].count + bytes.count > 45 { words.append([]) }
            words[words.count - 1] += bytes
        }
        return words.map { "=?utf-8?B?\(Data($0).base64EncodedString())?=" }.joined(separator: "\r\n ")
    }
}
