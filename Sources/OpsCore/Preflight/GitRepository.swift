import Foundation
import Subprocess

/// What git itself says of a file: its index has more forms than one would want to read here.
enum GitRepository {
    /// Whether the repository that a file lies in, if any, tracks it; nil where there is a repository and no git to ask.
    /// - Throws: ``CheckNotPossible`` when git gives no answer.
    static func tracks(_ path: String) async throws -> Bool? {
        let file = URL(filePath: path).standardizedFileURL
        let folder = file.deletingLastPathComponent().path
        guard isWithin(folder) else { return false }
        do {
            let result = try await Subprocess.run(
                .name("git"),
                arguments: [
                    "-C", folder, "--literal-pathspecs", "ls-files", "--error-unmatch", "--", file.lastPathComponent,
                ],
                environment: environment, output: .discarded, error: .string(limit: 1 << 16))
            switch result.terminationStatus {
            case .exited(0): return true
            case .exited(1): return false
            default:
                let reason = result.standardError.split(separator: "\n").first ?? "it was stopped"
                throw CheckNotPossible(
                    "git does not tell whether it has \(path): \(reason)", remedy: "git -C '\(folder)' ls-files")
            }
        } catch let error as SubprocessError where error.code == .executableNotFound {
            return nil
        }
    }

    private static func isWithin(_ folder: String) -> Bool {
        let git = URL(filePath: folder).appending(path: ".git").path
        if FileManager.default.fileExists(atPath: git) { return true }
        return folder != "/" && isWithin(URL(filePath: folder).deletingLastPathComponent().standardizedFileURL.path)
    }

    /// No variable that points git elsewhere, and no secret. With SUDO_UID git trusts what belongs to who called sudo.
    private static var environment: Subprocess.Environment {
        let inherited = ProcessInfo.processInfo.environment
        var values: [Subprocess.Environment.Key: String] = ["LC_ALL": "C"]
        for name in ["PATH", "HOME", "SUDO_UID"] { values[.init(stringLiteral: name)] = inherited[name] }
        return .custom(values)
    }
}
