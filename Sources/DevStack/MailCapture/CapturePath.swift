import Foundation

/// `FROM:<a@b> SIZE=100 SMTPUTF8`: an address with the parameters of its command (RFC 5321, 4.1.1.11).
struct CapturePath {
    let address: String
    /// By upper-case name.
    let parameters: [String: String]

    init?(_ text: String, keyword: String) {
        guard text.uppercased().hasPrefix(keyword + ":") else { return nil }
        let rest = text.dropFirst(keyword.count + 1).drop { $0 == " " }
        guard rest.first == "<", let end = rest.firstIndex(of: ">") else { return nil }
        address = String(rest[rest.index(after: rest.startIndex)..<end])
        guard !address.contains(where: { $0.isWhitespace || $0 == "<" }) else { return nil }
        var parameters: [String: String] = [:]
        for word in rest[end...].dropFirst().split(separator: " ") {
            let parts = word.split(separator: "=", maxSplits: 1).map(String.init)
            parameters[parts[0].uppercased()] = parts.count > 1 ? parts[1] : ""
        }
        self.parameters = parameters
    }
}
