using System.Collections;
using System.Globalization;

namespace MailSuite.Host.Configuration;

/// <summary>Where one start takes its settings from; later ones win: file, environment, options of the command line.</summary>
internal sealed record ConfigurationSources
{
    public required Profile Profile { get; init; }

    /// <summary>The JSON file; <see langword="null"/> for none.</summary>
    public string? File { get; init; }

    /// <summary>The environment; its <c>MAILSUITE_…</c> variables count.</summary>
    public IDictionary Environment { get; init; } = System.Environment.GetEnvironmentVariables();

    /// <summary>Options of the command line: key → (the option's name, its value).</summary>
    public IReadOnlyDictionary<string, (string Option, string Value)> Options { get; init; } = new Dictionary<string, (string, string)>(StringComparer.Ordinal);

    /// <summary>Reads and checks everything.</summary>
    /// <exception cref="ConfigurationException">Something is wrong; it carries all mistakes.</exception>
    public HostSettings Read()
    {
        var mistakes = new List<ConfigurationMistake>();
        var reader = new SettingsReader(Nodes(mistakes), mistakes);
        var settings = SettingsSchema.Read(reader, Profile);
        reader.RefuseUnknownKeys();
        return mistakes.Count == 0 ? settings with { ConfigurationFile = File is null ? null : Path.GetFullPath(File) } : throw new ConfigurationException(mistakes);
    }

    /// <summary>
    /// Where the program that these sources are of has its data, and no more: for the commands that only look for it, whatever its
    /// profile, and whatever else is wrong in the file.
    /// </summary>
    /// <returns>An absolute directory, <see langword="null"/> when none is named, and the port offset, 0 when none is.</returns>
    /// <exception cref="ConfigurationException">The file cannot be read.</exception>
    public (string? DataDirectory, int PortOffset) Whereabouts()
    {
        var mistakes = new List<ConfigurationMistake>();
        var root = Nodes(mistakes);
        var ofFile = mistakes.Where(mistake => mistake.Key.Length == 0).ToList();
        if (ofFile.Count > 0)
            throw new ConfigurationException(ofFile);

        var directory = root.Members.TryGetValue("DataDirectory", out var data) && data.Text.Length > 0 && !data.Text.Contains('\0') ? Path.GetFullPath(data.Text) : null;
        var offset = root.Members.TryGetValue("PortOffset", out var node) && int.TryParse(node.Text, NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? number : 0;
        return (directory, offset);
    }

    /// <summary>The settings as they were given, the later ones laid over the earlier ones, unchecked.</summary>
    private SettingNode Nodes(List<ConfigurationMistake> mistakes)
    {
        var root = File is null
            ? new SettingNode("", "built-in defaults", SettingKind.Object, "{…}")
            : ConfigurationFile.Read(Path.GetFullPath(File), mistakes);
        ConfigurationEnvironment.Apply(root, Environment, SettingsSchema.TopLevelKeys, mistakes);
        foreach (var (variable, key) in new[] { (ConfigurationEnvironment.DataVariable, "DataDirectory"), (ConfigurationEnvironment.PortOffsetVariable, "PortOffset") })
        {
            if (Environment[variable] is string { Length: > 0 } value)
                ConfigurationEnvironment.Put(root, [key], $"environment variable {variable}", value, mistakes);
        }

        foreach (var (key, (option, value)) in Options)
            ConfigurationEnvironment.Put(root, key.Split(':'), $"option {option}", value, mistakes);

        return root;
    }
}
