using System.Diagnostics.CodeAnalysis;
using System.Globalization;

namespace MailSuite.Host.Configuration;

/// <summary>Takes typed values out of nodes, one call a setting, and collects every mistake.</summary>
/// <remarks>A wrong value is replaced by the default, so that reading goes on and all mistakes are told at once.</remarks>
internal sealed class SettingsReader(SettingNode root, List<ConfigurationMistake> mistakes)
{
    internal delegate bool TryParse<T>(ReadOnlySpan<char> text, [NotNullWhen(true)] out T? value);

    private readonly Dictionary<string, List<string>> _known = new(StringComparer.OrdinalIgnoreCase);
    private readonly List<SettingNode> _objects = [];
    private readonly HashSet<string> _secrets = new(StringComparer.OrdinalIgnoreCase);

    /// <summary>Every key that was asked for, in order: what the documentation must explain.</summary>
    public IReadOnlyList<string> KnownKeys => [.. _known.SelectMany(pair => pair.Value.Select(name => pair.Key.Length == 0 ? name : $"{pair.Key}:{name}"))];

    public int Integer(string key, int fallback, int min, int max) =>
        Find(key) is not { } node ? fallback
        : IsScalar(node, SettingKind.Number) && int.TryParse(node.Text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var value) && value >= min && value <= max ? value
        : Wrong(node, $"This must be a whole number from {min} to {max}.", $"The default is {fallback}.", fallback);

    public long Count(string key, long fallback, long min, long max) =>
        Find(key) is not { } node ? fallback
        : IsScalar(node, SettingKind.Number) && long.TryParse(node.Text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var value) && value >= min && value <= max ? value
        : Wrong(node, $"This must be a whole number from {min} to {max}.", $"The default is {fallback}.", fallback);

    /// <summary>A size: a number of octets, or text with a unit, <c>"50 MiB"</c>.</summary>
    public long Octets(string key, long fallback, long min, long max) =>
        Find(key) is not { } node ? fallback
        : IsScalar(node, SettingKind.Number, SettingKind.Text) && Quantities.TryParseOctets(node.Text, out var value) && value >= min && value <= max ? value
        : Wrong(node, $"This must be a size from {Quantities.Octets(min)} to {Quantities.Octets(max)}.",
            $"Write a number of octets or a text such as \"64 KiB\" or \"50 MiB\"; the default is {Quantities.Octets(fallback)}.", fallback);

    /// <summary>A time with its unit, <c>"5 min"</c>.</summary>
    public TimeSpan Duration(string key, TimeSpan fallback, TimeSpan min, TimeSpan max) =>
        Find(key) is not { } node ? fallback
        : TryDuration(node, min, max, out var value) ? value
        : Wrong(node, DurationRule(min, max), $"Write a number and ms, s, min, h or d, such as \"30 s\"; the default is \"{Quantities.Duration(fallback)}\".", fallback);

    public IReadOnlyList<TimeSpan> Durations(string key, IReadOnlyList<TimeSpan> fallback, TimeSpan min, TimeSpan max, int maxCount)
    {
        if (Find(key) is not { } node)
            return fallback;
        var items = ItemsOf(node);
        var values = new List<TimeSpan>();
        foreach (var item in items)
        {
            if (TryDuration(item, min, max, out var value))
                values.Add(value);
            else
                Wrong(item, DurationRule(min, max), "Write a number and ms, s, min, h or d, such as \"30 s\".", fallback);
        }

        return items.Count >= 1 && items.Count <= maxCount ? values : Wrong(node, $"There must be 1 to {maxCount} times here.", "Write them as [\"5 min\", \"1 h\"].", fallback);
    }

    public bool Flag(string key, bool fallback) =>
        Find(key) is not { } node ? fallback
        : IsScalar(node, SettingKind.Flag) && bool.TryParse(node.Text, out var value) ? value
        : Wrong(node, "This must be true or false.", $"The default is {(fallback ? "true" : "false")}.", fallback);

    public T Choice<T>(string key, T fallback)
        where T : struct, Enum =>
        Find(key) is not { } node ? fallback
        : ChoiceOf(node, fallback);

    /// <summary>Text of any kind that <paramref name="parse"/> understands.</summary>
    /// <param name="what">What it must be: <c>a domain name</c>.</param>
    /// <param name="example">A good value.</param>
    [return: NotNullIfNotNull(nameof(fallback))]
    public T? Text<T>(string key, T? fallback, TryParse<T> parse, string what, string example) =>
        Find(key) is not { } node ? fallback
        : IsScalar(node, SettingKind.Text) && parse(node.Text, out var value) ? value
        : Wrong(node, $"This must be {what}.", $"Write for example \"{example}\".", fallback);

    /// <summary>Some of the characters that are allowed, each once; an empty text or null for none.</summary>
    public string Characters(string key, string fallback, string allowed)
    {
        if (Find(key) is not { } node)
            return fallback;
        if (node.Kind == SettingKind.Null)
            return "";
        return IsScalar(node, SettingKind.Text) && !node.Text.AsSpan().ContainsAnyExcept(allowed) && node.Text.Distinct().Count() == node.Text.Length
            ? node.Text
            : Wrong(node, $"This must be made of the characters {allowed}, each once, or empty for none.", $"The default is \"{fallback}\".", fallback);
    }

    /// <summary>A list of texts; from the environment they are separated by commas.</summary>
    public IReadOnlyList<T> List<T>(string key, IReadOnlyList<T> fallback, TryParse<T> parse, string what, string example, int maxCount = 10_000)
    {
        if (Find(key) is not { } node)
            return fallback;
        if (node.Kind is not (SettingKind.List or SettingKind.Untyped))
            return Wrong(node, $"This must be a list of {what}.", $"Write for example [\"{example}\"].", fallback);
        return Items(node, parse, what, example, maxCount);
    }

    /// <summary>The members of an object whose names are data, in file order.</summary>
    public IReadOnlyCollection<SettingNode> Members(string key)
    {
        if (Find(key) is not { } node)
            return [];
        if (node.Kind != SettingKind.Object)
            return Wrong<IReadOnlyCollection<SettingNode>>(node, "This must be an object.", "Write it between { and }.", []);
        foreach (var member in node.Members.Values)
            member.IsKnown = true;
        return node.Members.Values;
    }

    /// <summary>The members of an object that are objects themselves and whose names are data, in file order.</summary>
    /// <returns>The key of each, under which its members are read: <c>Relay:Transports:provider</c>.</returns>
    public IReadOnlyList<string> Sections(string key, int maxCount)
    {
        var nodes = Members(key);
        if (nodes.Count > maxCount)
            Mistake(key, $"There are {nodes.Count} here, more than {maxCount}.", "Remove some.");
        foreach (var node in nodes.Where(node => node.Kind != SettingKind.Object))
            IsObject(node);
        var sections = nodes.Where(node => node.Kind == SettingKind.Object).ToList();
        _objects.AddRange(sections);
        return [.. sections.Select(node => node.Key)];
    }

    /// <summary>From now on no message shows what stands under a key.</summary>
    public void Conceal(string key) => _secrets.Add(key);

    /// <summary>Text that no message may show.</summary>
    public string? Secret(string key)
    {
        Conceal(key);
        if (Find(key) is not { } node)
            return null;
        if (IsScalar(node, SettingKind.Text) && node.Text.Length > 0)
            return node.Text;
        mistakes.Add(new ConfigurationMistake(node.Origin, node.Key, null, "This must be a text that is not empty.", "Write it in quotes."));
        return null;
    }

    /// <summary>Whether something is given under a key.</summary>
    public bool Has(string key) => Peek(key) is not null;

    /// <summary>Whether there is an object under a key; anything else there is a mistake.</summary>
    public bool Section(string key) => Peek(key) is { } node && IsObject(node);

    /// <summary>A list of objects.</summary>
    /// <returns>The key of each, under which its members are read: <c>Tls:Certificates[0]</c>.</returns>
    public IReadOnlyList<string> Objects(string key, int maxCount)
    {
        if (Find(key) is not { } node)
            return [];
        if (node.Kind != SettingKind.List || node.Items.Exists(item => item.Kind != SettingKind.Object))
            return Wrong<IReadOnlyList<string>>(node, "This must be a list of objects.", "Write it as [ { … }, { … } ].", []);
        if (node.Items.Count > maxCount)
            return Wrong<IReadOnlyList<string>>(node, $"There are {node.Items.Count} here, more than {maxCount}.", "Remove some.", []);
        _objects.AddRange(node.Items);
        return [.. node.Items.Select(item => item.Key)];
    }

    /// <summary>A member's value as a list of texts; one text alone is a list of one.</summary>
    public IReadOnlyList<T> Items<T>(SettingNode node, TryParse<T> parse, string what, string example, int maxCount = 10_000)
    {
        var values = new List<T>();
        var items = ItemsOf(node);
        foreach (var item in items)
        {
            if (IsScalar(item, SettingKind.Text) && parse(item.Text, out var value))
                values.Add(value);
            else
                Wrong(item, $"This must be {what}.", $"Write for example \"{example}\".", values);
        }

        return items.Count <= maxCount ? values : Wrong(node, $"There are {items.Count} here, more than {maxCount}.", "Remove some.", values);
    }

    public T ChoiceOf<T>(SettingNode node, T fallback)
        where T : struct, Enum =>
        IsScalar(node, SettingKind.Text) && !int.TryParse(node.Text, CultureInfo.InvariantCulture, out _) && Enum.TryParse<T>(node.Text, ignoreCase: true, out var value)
            ? value
            : Wrong(node, $"This must be one of {string.Join(", ", Enum.GetNames<T>())}.", $"The default is {fallback}.", fallback);

    /// <summary>The port, or <see langword="null"/> for <c>"off"</c>.</summary>
    public int? Port(string key, int? fallback)
    {
        const int Max = 65_535;
        if (Find(key) is not { } node)
            return fallback;
        if (IsScalar(node, SettingKind.Text) && string.Equals(node.Text, "off", StringComparison.OrdinalIgnoreCase))
            return null;
        return IsScalar(node, SettingKind.Number) && int.TryParse(node.Text, NumberStyles.None, CultureInfo.InvariantCulture, out var port) && port <= Max
            ? port
            : Wrong(node, $"A port is a number from 1 to {Max}, 0 for any free one, or \"off\".", $"The default is {(fallback is { } number ? number.ToString(CultureInfo.InvariantCulture) : "\"off\"")}.", fallback);
    }

    /// <summary>Adds a mistake about a setting that is right by itself and wrong beside others.</summary>
    public void Mistake(string key, string problem, string remedy)
    {
        var node = Peek(key);
        mistakes.Add(new ConfigurationMistake(node?.Origin ?? root.Origin, node?.Key ?? key, _secrets.Contains(key) ? null : node?.Text, problem, remedy));
    }

    /// <summary>Adds a mistake when a section is there that has no meaning in this profile.</summary>
    public void RefuseSection(string section, string problem, string remedy)
    {
        if (root.Members.TryGetValue(section, out var node))
            Wrong(node, problem, remedy, false);
    }

    public T Wrong<T>(SettingNode node, string problem, string remedy, T fallback)
    {
        node.IsKnown = true;
        mistakes.Add(new ConfigurationMistake(node.Origin, node.Key, _secrets.Contains(node.Key) ? null : node.Text, problem, remedy));
        return fallback;
    }

    /// <summary>Adds a mistake for every key that nobody asked for.</summary>
    public void RefuseUnknownKeys()
    {
        RefuseUnknownKeys(root, "");
        foreach (var item in _objects)
            RefuseUnknownKeys(item, item.Key);
    }

    private void RefuseUnknownKeys(SettingNode node, string section)
    {
        foreach (var (name, member) in node.Members.Where(pair => !pair.Value.IsKnown))
        {
            var path = section.Length == 0 ? name : $"{section}:{name}";
            if (member.Kind == SettingKind.Object && _known.ContainsKey(path))
            {
                RefuseUnknownKeys(member, path);
                continue;
            }

            var candidates = _known.TryGetValue(section, out var names) ? names : [];
            if (section.Length == 0)
                candidates = [.. candidates, .. _known.Keys.Where(key => key.Length > 0)];
            var near = Quantities.Nearest(name, candidates);
            var remedy = near is null
                ? $"Remove it; {(section.Length == 0 ? "at the top" : $"under {section}")} there are {string.Join(", ", candidates.Order(StringComparer.Ordinal))}."
                : $"Did you mean {(section.Length == 0 ? near : $"{section}:{near}")}?";
            // It may be the secret under a wrong name.
            var value = _secrets.Any(secret => secret.StartsWith($"{section}:", StringComparison.OrdinalIgnoreCase)) ? null : member.Text;
            mistakes.Add(new ConfigurationMistake(member.Origin, member.Key, value, "There is no such setting.", remedy));
        }
    }

    /// <summary>Whether it is an object, as one with a password in it has to be; anything else is a mistake, which may have the password in it.</summary>
    private bool IsObject(SettingNode node)
    {
        if (node.Kind == SettingKind.Object)
            return true;
        node.IsKnown = true;
        mistakes.Add(new ConfigurationMistake(node.Origin, node.Key, null, "This must be an object.", "Write it between { and }."));
        return false;
    }

    private SettingNode? Find(string key)
    {
        var cut = key.LastIndexOf(':');
        var section = cut < 0 ? "" : key[..cut];
        if (!_known.TryGetValue(section, out var names))
            _known[section] = names = [];
        names.Add(key[(cut + 1)..]);

        var node = Peek(key);
        if (node is not null)
            node.IsKnown = true;
        return node;
    }

    private SettingNode? Peek(string key)
    {
        var node = root;
        foreach (var part in key.Split(':'))
        {
            var bracket = part.IndexOf('[', StringComparison.Ordinal);
            if (!node.Members.TryGetValue(bracket < 0 ? part : part[..bracket], out node!))
                return null;
            if (bracket >= 0)
                node = node.Items[int.Parse(part.AsSpan(bracket + 1).TrimEnd(']'), CultureInfo.InvariantCulture)];
        }

        return node;
    }

    private static List<SettingNode> ItemsOf(SettingNode node) => node.Kind switch
    {
        SettingKind.List => node.Items,
        SettingKind.Untyped => [.. node.Text.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries).Select(text => new SettingNode(node.Key, node.Origin, SettingKind.Untyped, text))],
        _ => [node],
    };

    private static bool IsScalar(SettingNode node, params ReadOnlySpan<SettingKind> kinds) => node.Kind == SettingKind.Untyped || kinds.Contains(node.Kind);

    private static bool TryDuration(SettingNode node, TimeSpan min, TimeSpan max, out TimeSpan value)
    {
        value = default;
        return IsScalar(node, SettingKind.Text) && Quantities.TryParseDuration(node.Text, out value) && value >= min && value <= max;
    }

    private static string DurationRule(TimeSpan min, TimeSpan max) => $"This must be a time from {Quantities.Duration(min)} to {Quantities.Duration(max)}.";
}
