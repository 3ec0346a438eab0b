import TestSupport

/// How a command failed: exit code and code of the error.
struct Failure: Equatable, CustomStringConvertible {
    let exitCode: Int32?
    let code: String
    let message: String

    init(_ exitCode: Int32?, _ code: String, message: String = "") {
        self.exitCode = exitCode
        self.code = code
        self.message = message
    }

    var description: String { "\(exitCode.map(String.init) ?? "killed") \(code): \(message)" }

    static func == (one: Failure, other: Failure) -> Bool { one.exitCode == other.exitCode && one.code == other.code }
}

extension Tool.Outcome {
    /// The failure in its one JSON document.
    var failure: Failure {
        get throws {
            let error = try json()["error"] as? [String: Any]
            return Failure(exitCode, error?["code"] as? String ?? "none", message: error?["message"] as? String ?? "")
        }
    }
}
