/// A view, routine, package, trigger or event of a dump.
struct ForeignObject: Sendable, Equatable {
    /// What tells it from all others.
    struct Key: Sendable, Hashable {
        /// `view`, `function`, `procedure`, `library`, `package`, `package body`, `trigger` or `event`.
        var type: String
        var name: String
        /// The table of a trigger.
        var table: String?

        static func == (one: Key, other: Key) -> Bool {
            one.type == other.type && one.name.utf8.elementsEqual(other.name.utf8)
        }

        func hash(into hasher: inout Hasher) {
            hasher.combine(type)
            hasher.combine(Array(name.utf8))
        }

        /// How the journal calls it.
        var kind: ArchiveMemberKind {
            switch type {
            case "view": .view
            case "trigger": .trigger
            case "event": .event
            case "package", "package body": .package
            default: .routine
            }
        }
    }

    let key: Key
    let script: [UInt8]
}

/// The objects of a dump, of which it may take back some.
struct ForeignObjects {
    private var objects: [ForeignObject] = []

    mutating func add(_ object: ForeignObject) {
        drop([object.key])
        objects.append(object)
    }

    mutating func drop(_ keys: [ForeignObject.Key]) { objects.removeAll { keys.contains($0.key) } }

    /// In the order in which they are made. What one of a kind needs of another shows when it is made.
    var ordered: [RestoreJournal.Object] {
        let kinds: [ArchiveMemberKind] = [.package, .routine, .view, .trigger, .event]
        return kinds.flatMap { kind in
            objects.filter { $0.key.kind == kind }.map {
                RestoreJournal.Object(kind: kind.rawValue, name: $0.key.name, script: $0.script)
            }
        }
    }
}
