using System.Globalization;

namespace MailSuite.Bench.Mailboxes.Wire;

/// <summary>One response of a server, with its literals.</summary>
/// <param name="Tag">"*", "+", or the tag of the command that it ends.</param>
/// <param name="Name">EXISTS, FETCH, OK, …, in capitals.</param>
/// <param name="Number">What stands before the name of a response about a message or a count of them; 0 without.</param>
/// <param name="Code">What stands in brackets behind OK, NO, BAD and BYE; empty without.</param>
/// <param name="Rest">All that follows the name.</param>
internal sealed record Answer(string Tag, string Name, long Number, string Code, string Rest)
{
    public bool IsUntagged => Tag == "*";

    public bool IsOk => Name == "OK";

    /// <summary>The first word of the code.</summary>
    public string CodeName => Code.Split(' ')[0].ToUpperInvariant();

    /// <param name="text">The whole response without its last line end.</param>
    public static Answer Parse(string text)
    {
        var at = 0;
        var tag = Word(text, ref at);
        if (tag == "+")
            return new Answer(tag, "", 0, "", at < text.Length ? text[at..] : "");
        var name = Word(text, ref at);
        long number = 0;
        if (tag == "*" && name.Length > 0 && name.All(char.IsAsciiDigit))
        {
            number = long.Parse(name, CultureInfo.InvariantCulture);
            name = Word(text, ref at);
        }

        name = name.ToUpperInvariant();
        var rest = at < text.Length ? text[at..] : "";
        var code = name is "OK" or "NO" or "BAD" or "BYE" or "PREAUTH" && rest.StartsWith('[') && rest.Contains(']', StringComparison.Ordinal) ? rest[1..rest.IndexOf(']', StringComparison.Ordinal)] : "";
        return new Answer(tag, name, number, code, rest);
    }

    public List<Value> Values() => Value.ParseAllOf(Rest);

    /// <summary>The data items of a FETCH, by their names in capitals.</summary>
    public Dictionary<string, Value> FetchItems()
    {
        if (Values() is not [{ Items: { } items }] || items.Count % 2 != 0)
            throw new WrongAnswerException($"FETCH has no list of names and values: {Rest}");
        var found = new Dictionary<string, Value>(StringComparer.OrdinalIgnoreCase);
        for (var i = 0; i < items.Count; i += 2)
        {
            if (!found.TryAdd(items[i].Text, items[i + 1]))
                throw new WrongAnswerException($"FETCH has {items[i].Text} twice.");
        }

        return found;
    }

    private static string Word(string text, ref int at)
    {
        var end = text.IndexOf(' ', at);
        if (end < 0)
            end = text.Length;
        var word = text[at..end];
        at = Math.Min(text.Length, end + 1);
        return word;
    }
}
