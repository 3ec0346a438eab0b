/// One metric in the text format of Prometheus: its name, what it means, and its samples.
struct Metric: Sendable, Equatable {
    enum Kind: String, Sendable { case counter, gauge, histogram }

    struct Sample: Sendable, Equatable {
        /// What follows the metric's name: `_bucket`, `_sum` or `_count` of a histogram.
        var suffix = ""
        var labels: [(name: String, value: String)] = []
        var value: Double

        static func == (left: Sample, right: Sample) -> Bool {
            left.suffix == right.suffix && left.value == right.value
                && left.labels.elementsEqual(right.labels) { $0 == $1 }
        }
    }

    /// The unit is its end, as the format's convention is: seconds and bytes.
    let name: String
    let kind: Kind
    let help: String
    var samples: [Sample]

    init(_ name: String, _ kind: Kind = .gauge, _ help: String, _ samples: [Sample]) {
        self.name = "sysndd_ctl_\(name)"
        self.kind = kind
        self.help = help
        self.samples = samples
    }

    /// A gauge with one sample; nil leaves it without any, which is how the format says that it is not known.
    init(_ name: String, _ help: String, _ value: Double?) {
        self.init(name, .gauge, help, value.map { [Sample(value: $0)] } ?? [])
    }

    /// The lines of the metric.
    var text: String {
        let head = "# HELP \(name) \(help)\n# TYPE \(name) \(kind.rawValue)\n"
        return samples.reduce(into: head) {
            $0 += "\(name)\($1.suffix)\(Self.text($1.labels)) \(Self.text($1.value))\n"
        }
    }

    private static func text(_ labels: [(name: String, value: String)]) -> String {
        guard !labels.isEmpty else { return "" }
        return "{" + labels.map { "\($0.name)=\"\(escaped($0.value))\"" }.joined(separator: ",") + "}"
    }

    private static func escaped(_ value: String) -> String {
        value.reduce(into: "") { text, character in
            switch character {
            case "\\": text += "\\\\"
            case "\"": text += "\\\""
            case "\n", "\r\n": text += "\\n"
            default: text.append(character)
            }
        }
    }

    private static func text(_ value: Double) -> String {
        if value == .infinity { return "+Inf" }
        return Int(exactly: value).map(String.init) ?? String(value)
    }
}
