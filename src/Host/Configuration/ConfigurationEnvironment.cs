using System.Collections;

namespace MailSuite.Host.Configuration;

/// <summary>Lays <c>MAILSUITE_…</c> variables over what the file says: <c>MAILSUITE_Mta__MaxRecipients=50</c> is the key <c>Mta:MaxRecipients</c>.</summary>
/// <remarks>
/// A variable with two underscores must be a setting. One without is taken when it names a setting at the top and is otherwise left
/// alone: container platforms make variables such as <c>MAILSUITE_PORT_25_TCP</c> by themselves for a container of that name.
/// </remarks>
internal static class ConfigurationEnvironment
{
    internal const string Prefix = "MAILSUITE_";

    /// <summary>Says the data directory, for all commands.</summary>
    internal const string DataVariable = "MAILSUITE_DATA";

    /// <summary>Says the port offset, for all commands.</summary>
    internal const string PortOffsetVariable = "MAILSUITE_PORT_OFFSET";

    /// <summary>Says the configuration file, for the commands that read one.</summary>
    internal const string ConfigVariable = "MAILSUITE_CONFIG";

    private const string Separator = "__";

    public static void Apply(SettingNode root, IDictionary environment, IReadOnlySet<string> topLevelKeys, List<ConfigurationMistake> mistakes)
    {
        foreach (var name in environment.Keys.Cast<string>().Where(name => name.StartsWith(Prefix, StringComparison.OrdinalIgnoreCase)).Order(StringComparer.Ordinal))
        {
            var path = name[Prefix.Length..].Split(Separator);
            if (path.Length == 1 && !topLevelKeys.Contains(path[0]))
                continue;
            Put(root, path, $"environment variable {name}", (string?)environment[name] ?? "", mistakes);
        }
    }

    /// <summary>Sets one value that was given as text, over whatever stands there.</summary>
    public static void Put(SettingNode root, ReadOnlySpan<string> path, string origin, string value, List<ConfigurationMistake> mistakes)
    {
        var node = root;
        foreach (var part in path[..^1])
        {
            if (!node.Members.TryGetValue(part, out var next) || next.Kind != SettingKind.Object)
            {
                next = new SettingNode(node.Key.Length == 0 ? part : $"{node.Key}:{part}", origin, SettingKind.Object, "{…}");
                node.Members[part] = next;
            }

            node = next;
        }

        var key = node.Key.Length == 0 ? path[^1] : $"{node.Key}:{path[^1]}";
        node.Members[path[^1]] = value.TrimStart() is ['[' or '{', ..]
            ? ConfigurationFile.ParseValue(origin, key, value, mistakes)
            : new SettingNode(key, origin, SettingKind.Untyped, value);
    }
}
