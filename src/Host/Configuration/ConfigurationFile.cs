using System.Text;
using System.Text.Json;

namespace MailSuite.Host.Configuration;

/// <summary>Reads a JSON file with comments and trailing commas into nodes that remember their line.</summary>
internal sealed class ConfigurationFile
{
    /// <summary>Octets of a configuration file; more is surely the wrong file.</summary>
    internal const int MaxOctets = 1024 * 1024;

    private const int MaxDepth = 8;

    private static readonly byte[] ByteOrderMark = [0xEF, 0xBB, 0xBF];

    private readonly string _name;
    private readonly byte[] _json;
    private readonly List<ConfigurationMistake> _mistakes;
    private int _countedTo;
    private int _line = 1;

    private ConfigurationFile(string name, byte[] json, List<ConfigurationMistake> mistakes)
    {
        _name = name;
        _json = json;
        _mistakes = mistakes;
    }

    /// <summary>Reads the file; what is wrong is added to <paramref name="mistakes"/>, and what could be read is returned.</summary>
    public static SettingNode Read(string path, List<ConfigurationMistake> mistakes)
    {
        try
        {
            var file = new FileInfo(path);
            if (file is { Exists: true, Length: > MaxOctets })
            {
                mistakes.Add(new ConfigurationMistake(path, "", null, $"The file has {file.Length} octets, more than {MaxOctets}.", "Name the JSON configuration file."));
                return Empty(path);
            }

            return Parse(path, File.ReadAllBytes(path), mistakes);
        }
        catch (Exception e) when (e is FileNotFoundException or DirectoryNotFoundException)
        {
            mistakes.Add(new ConfigurationMistake(path, "", null, "There is no such file.", "Give the path of the configuration file with --config FILE."));
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            mistakes.Add(new ConfigurationMistake(path, "", null, $"The file cannot be read: {e.Message}", "Let the account that runs mailsuite read it."));
        }

        return Empty(path);
    }

    /// <summary>Reads JSON that came from <paramref name="name"/>.</summary>
    public static SettingNode Parse(string name, byte[] json, List<ConfigurationMistake> mistakes)
    {
        if (json.AsSpan().StartsWith(ByteOrderMark))
            json = json[ByteOrderMark.Length..];
        return new ConfigurationFile(name, json, mistakes).Parse();
    }

    /// <summary>Reads a JSON list or object that stands in an environment variable.</summary>
    public static SettingNode ParseValue(string name, string key, string json, List<ConfigurationMistake> mistakes) =>
        new ConfigurationFile(name, Encoding.UTF8.GetBytes(json), mistakes).Parse(key, withLines: false);

    private static SettingNode Empty(string name) => new("", name, SettingKind.Object, "{…}");

    private SettingNode Parse(string key = "", bool withLines = true)
    {
        var reader = new Utf8JsonReader(_json, new JsonReaderOptions { AllowTrailingCommas = true, CommentHandling = JsonCommentHandling.Skip, MaxDepth = MaxDepth });
        try
        {
            reader.Read();
            if (key.Length == 0 && reader.TokenType != JsonTokenType.StartObject)
            {
                _mistakes.Add(new ConfigurationMistake(_name, "", null, "The file does not begin with an object.", "Put everything between { and }."));
                return Empty(_name);
            }

            var root = ReadValue(ref reader, key, withLines);
            reader.Read();
            return root;
        }
        catch (JsonException e)
        {
            var origin = withLines ? $"{_name}:{e.LineNumber + 1}" : _name;
            _mistakes.Add(new ConfigurationMistake(origin, key, null, $"This is not JSON: {Reason(e)}", "Look for a missing comma, quote or bracket there or just before it."));
            return new SettingNode(key, _name, SettingKind.Object, "{…}") { IsKnown = true };
        }
    }

    private SettingNode ReadValue(ref Utf8JsonReader reader, string key, bool withLines)
    {
        var origin = withLines ? $"{_name}:{LineAt((int)reader.TokenStartIndex)}" : _name;
        switch (reader.TokenType)
        {
            case JsonTokenType.String:
                return new SettingNode(key, origin, SettingKind.Text, reader.GetString()!);
            case JsonTokenType.Number:
                return new SettingNode(key, origin, SettingKind.Number, Encoding.UTF8.GetString(reader.ValueSpan));
            case JsonTokenType.True or JsonTokenType.False:
                return new SettingNode(key, origin, SettingKind.Flag, reader.GetBoolean() ? "true" : "false");
            case JsonTokenType.StartArray:
                var list = new SettingNode(key, origin, SettingKind.List, "[…]");
                while (reader.Read() && reader.TokenType != JsonTokenType.EndArray)
                    list.Items.Add(ReadValue(ref reader, $"{key}[{list.Items.Count}]", withLines));
                return list;
            case JsonTokenType.StartObject:
                return ReadObject(ref reader, key, origin, withLines);
            default:
                return new SettingNode(key, origin, SettingKind.Null, "null");
        }
    }

    private SettingNode ReadObject(ref Utf8JsonReader reader, string key, string origin, bool withLines)
    {
        var node = new SettingNode(key, origin, SettingKind.Object, "{…}");
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            var name = reader.GetString()!;
            reader.Read();
            var member = ReadValue(ref reader, key.Length == 0 ? name : $"{key}:{name}", withLines);
            if (!node.Members.TryAdd(name, member))
                // Without what stands there: it may be a password.
                _mistakes.Add(new ConfigurationMistake(member.Origin, member.Key, null, $"It stands twice, first at {node.Members[name].Origin}.", "Remove one of the two."));
        }

        return node;
    }

    /// <summary>Tokens come in order, so every line end is counted once.</summary>
    private int LineAt(int index)
    {
        _line += _json.AsSpan(_countedTo, index - _countedTo).Count((byte)'\n');
        _countedTo = index;
        return _line;
    }

    /// <summary>The reader's own words without the position, which stands in the origin.</summary>
    private static string Reason(JsonException e)
    {
        var end = e.Message.IndexOf(" LineNumber:", StringComparison.Ordinal);
        return end < 0 ? e.Message : e.Message[..end];
    }
}
