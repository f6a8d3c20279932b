using System.Collections;
using System.Text;
using MailSuite.Host.Configuration;
using MailSuite.Testing;

namespace MailSuite.Suite.Tests.Configuration;

/// <summary>Reads a configuration as a start would, from text.</summary>
internal static class Configurations
{
    /// <summary>The least that a server must be told.</summary>
    public const string Least = """{ "HostName": "mail.example.org", "Domains": ["example.org"], "DataDirectory": "/nowhere" }""";

    public static HostSettings Read(string json, Profile profile = Profile.Server, params (string Name, string Value)[] environment)
    {
        using var directory = new TempDirectory();
        var file = directory.File("mailsuite.json");
        File.WriteAllText(file, json, new UTF8Encoding(encoderShouldEmitUTF8Identifier: false));
        return new ConfigurationSources { Profile = profile, File = file, Environment = Variables(environment) }.Read();
    }

    /// <summary>The mistakes of a configuration, each without the directory of its file.</summary>
    public static IReadOnlyList<string> MistakesOf(string json, Profile profile = Profile.Server, params (string Name, string Value)[] environment)
    {
        var refusal = Assert.Throws<ConfigurationException>(() => Read(json, profile, environment));
        return [.. refusal.Mistakes.Select(mistake => mistake.ToString()[Math.Max(0, mistake.ToString().IndexOf("mailsuite.json", StringComparison.Ordinal))..])];
    }

    public static IDictionary Variables(params (string Name, string Value)[] environment)
    {
        var variables = new Hashtable();
        foreach (var (name, value) in environment)
            variables[name] = value;
        return variables;
    }

    /// <summary>The least configuration with something more in it.</summary>
    public static string With(string members) => $$"""
        {
          "HostName": "mail.example.org", "Domains": ["example.org", "example.net"], "DataDirectory": "/nowhere",
          {{members}}
        }
        """;
}
