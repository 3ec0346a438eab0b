import Foundation
import Yams

/// What a compose file says of its services, as far as the checks ask.
struct ComposeFile: Sendable, Equatable {
    let path: String
    let services: [ComposeService]

    /// Names that `docker compose` looks for, in its order.
    static let names = ["compose.yaml", "compose.yml", "docker-compose.yaml", "docker-compose.yml"]

    /// - Parameter variables: what `${NAME}` in the file stands for.
    /// - Throws: ``CheckNotPossible`` when the file is no compose file.
    init(parsing text: String, path: String, variables: [String: String]) throws {
        let document: Any?
        do {
            document = try Yams.load(yaml: text)
        } catch {
            // What the library says quotes the file, which may hold a password.
            throw CheckNotPossible("\(path) is not YAML", remedy: "docker compose -f \(path) config")
        }
        guard let root = document as? [String: Any], let services = root["services"] as? [String: Any] else {
            throw CheckNotPossible("\(path) has no services", remedy: "docker compose -f \(path) config")
        }
        self.path = path
        let interpolation = ComposeInterpolation(variables)
        self.services = services.sorted { $0.key < $1.key }.map { name, value in
            ComposeService(name: name, ComposeNode(value, interpolation))
        }
    }

    /// The file that the options name, or the one of the working directory; nil when there is none.
    init?(_ context: PreflightContext) throws {
        let folder = context.options.settings.workingDirectory
        let candidates =
            context.options.composeFile.map { [context.absolute($0)] } ?? Self.names.map { "\(folder)/\($0)" }
        for path in candidates {
            let text: String
            do throws(SettingsFile.Failure) {
                text = try SettingsFile.text(at: path)
            } catch {
                if error.isMissing, context.options.composeFile == nil { continue }
                throw CheckNotPossible(
                    "\(path) cannot be read: \(error.reason)", remedy: "give the right --compose FILE")
            }
            try self.init(parsing: text, path: path, variables: Self.variables(beside: path, context))
            return
        }
        return nil
    }

    /// As with `docker compose`: the `.env` beside the file, overridden by the environment.
    private static func variables(beside path: String, _ context: PreflightContext) -> [String: String] {
        let folder = URL(filePath: path).deletingLastPathComponent().path
        let text = (try? SettingsFile.text(at: "\(folder)/.env")) ?? ""
        let entries = (try? DotEnvFile(parsing: text, file: ".env").entries.mapValues(\.value)) ?? [:]
        return entries.merging(context.options.settings.environment) { $1 }
    }
}
