namespace MailSuite.Host.Configuration;

/// <summary>A piece of configuration as it was written, before anybody knows what it should be.</summary>
/// <param name="key">The whole path, parts separated by colons.</param>
/// <param name="origin">Where it stands, for messages.</param>
internal sealed class SettingNode(string key, string origin, SettingKind kind, string text)
{
    public string Key => key;

    public string Origin => origin;

    public SettingKind Kind => kind;

    /// <summary>A scalar's text; how the value looks in a message for the others.</summary>
    public string Text => text;

    /// <summary>The elements of a list.</summary>
    public List<SettingNode> Items { get; } = [];

    /// <summary>The members of an object; keys are the same whatever their case, as environment variables are on Windows.</summary>
    public Dictionary<string, SettingNode> Members { get; } = new(StringComparer.OrdinalIgnoreCase);

    /// <summary>Whether a setting with this name was read; what nobody reads is a mistake.</summary>
    public bool IsKnown { get; set; }
}

internal enum SettingKind
{
    Text,
    Number,
    Flag,

    /// <summary>From an environment variable or an option of the command line, where everything is text.</summary>
    Untyped,
    List,
    Object,
    Null,
}
