using System.CommandLine;
using System.Globalization;
using MailSuite.Host.Configuration;
using MailSuite.Host.Running;

namespace MailSuite.Host.CommandLine;

/// <summary>The options that every command has, and what they and their environment variables say together.</summary>
internal static class GlobalOptions
{
    public static readonly Option<string> Data = new("--data")
    {
        Description = $"The directory that holds everything [environment: {ConfigurationEnvironment.DataVariable}]",
        HelpName = "DIR",
        Recursive = true,
    };

    public static readonly Option<int?> PortOffset = new("--port-offset")
    {
        Description = $"Added to every port but 0, so that programs can run side by side [environment: {ConfigurationEnvironment.PortOffsetVariable}]",
        HelpName = "N",
        Recursive = true,
    };

    public static readonly Option<string> Config = new("--config", "-c")
    {
        Description = $"The configuration file, JSON with comments [environment: {ConfigurationEnvironment.ConfigVariable}]",
        HelpName = "FILE",
        Recursive = true,
    };

    /// <summary>The data directory that was asked for in so many words.</summary>
    public static string? DataOf(ParseResult command) =>
        command.GetValue(Data) is { Length: > 0 } option ? Path.GetFullPath(option)
        : Environment.GetEnvironmentVariable(ConfigurationEnvironment.DataVariable) is { Length: > 0 } variable ? Path.GetFullPath(variable)
        : null;

    /// <summary>The port offset that was asked for in so many words; text that is no number is told when the configuration is read.</summary>
    public static int? PortOffsetOf(ParseResult command) =>
        command.GetValue(PortOffset)
        ?? (int.TryParse(Environment.GetEnvironmentVariable(ConfigurationEnvironment.PortOffsetVariable), NumberStyles.None, CultureInfo.InvariantCulture, out var variable) ? variable : null);

    public static string? ConfigOf(ParseResult command) =>
        command.GetValue(Config) is { Length: > 0 } option ? option
        : Environment.GetEnvironmentVariable(ConfigurationEnvironment.ConfigVariable) is { Length: > 0 } variable ? variable
        : null;

    /// <summary>Where a command takes its settings from.</summary>
    public static ConfigurationSources Sources(ParseResult command, Profile profile, params ReadOnlySpan<(string Key, string Option, string? Value)> more)
    {
        var options = new Dictionary<string, (string, string)>(StringComparer.Ordinal);
        if (command.GetValue(Data) is { Length: > 0 } data)
            options["DataDirectory"] = (Data.Name, data);
        if (command.GetValue(PortOffset) is { } offset)
            options["PortOffset"] = (PortOffset.Name, offset.ToString(CultureInfo.InvariantCulture));
        foreach (var (key, option, value) in more)
        {
            if (value is not null)
                options[key] = (option, value);
        }

        return new ConfigurationSources { Profile = profile, File = ConfigOf(command), Options = options };
    }
}
