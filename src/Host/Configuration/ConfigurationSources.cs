using System.Collections;

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

        var reader = new SettingsReader(root, mistakes);
        var settings = SettingsSchema.Read(reader, Profile);
        reader.RefuseUnknownKeys();
        return mistakes.Count == 0 ? settings with { ConfigurationFile = File is null ? null : Path.GetFullPath(File) } : throw new ConfigurationException(mistakes);
    }
}
