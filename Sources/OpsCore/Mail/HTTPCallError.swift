import Foundation

/// No answer came to an HTTP request.
struct HTTPCallError: OperatorError, Equatable {
    let message: String
    let hint: String? = "check the address, and that the service runs there"
    let code = "SERVICE_UNREACHABLE"
    let exitStatus = ExitStatus.unreachable

    /// Only scheme, host and port of `url` are shown: the rest may hold what is secret.
    init(_ url: String, _ reason: String) {
        let parts = URLComponents(string: url)
        let port = parts?.port.map { ":\($0)" } ?? ""
        message = "no answer from \(parts?.scheme ?? "?")://\(parts?.host ?? "?")\(port): \(reason.lowercased())"
    }
}
