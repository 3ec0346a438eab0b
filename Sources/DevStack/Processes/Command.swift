import Subprocess

/// Helper programs that are run to their end.
enum Command {
    /// Runs a program and returns what it printed.
    ///
    /// - Throws: `DevStackError` with code `command_failed` and what it said about the failure.
    @discardableResult
    static func run(_ program: String, _ arguments: [String], environment: [String: String] = [:]) async throws
        -> String
    {
        // A clean environment: whatever secrets the caller's holds are none of the helper's business.
        var values: [Environment.Key: String] = ["PATH": ProgramSearch.path, "LC_ALL": "C"]
        for (name, value) in environment { values[.init(stringLiteral: name)] = value }
        let result = try await Subprocess.run(
            program.contains("/") ? .path(.init(program)) : .name(program),
            arguments: Arguments(arguments),
            environment: .custom(values),
            output: .string(limit: 1 << 20),
            error: .string(limit: 1 << 20)
        )
        guard result.terminationStatus.isSuccess else {
            let reason = LogTail.reason(in: result.standardError + result.standardOutput)
            throw DevStackError(.commandFailed, "\(program) failed: \(reason)", hint: "mend that and try again")
        }
        return result.standardOutput
    }
}
