using System.Globalization;
using System.Text;

namespace MailSuite.Bench.Mailboxes.Wire;

/// <summary>One value of a response: an atom, a string, NIL or a list. Octets are characters, one each.</summary>
internal sealed record Value(string Text, IReadOnlyList<Value>? Items = null)
{
    public bool IsList => Items is not null;

    public long Number => long.Parse(Text, CultureInfo.InvariantCulture);

    /// <summary>Reads values separated by spaces up to the end of the text or of the list.</summary>
    public static List<Value> ParseAll(string text, ref int at)
    {
        var values = new List<Value>();
        while (at < text.Length && text[at] != ')')
        {
            if (text[at] == ' ')
                at++;
            else
                values.Add(Parse(text, ref at));
        }

        return values;
    }

    /// <summary>Reads values that are a whole text.</summary>
    public static List<Value> ParseAllOf(string text)
    {
        var at = 0;
        return ParseAll(text, ref at);
    }

    public override string ToString() => Items is null ? Text : $"({string.Join(' ', Items)})";

    private static Value Parse(string text, ref int at)
    {
        switch (text[at])
        {
            case '(':
                at++;
                var items = ParseAll(text, ref at);
                if (at == text.Length)
                    throw new WrongAnswerException("A list has no end.");
                at++;
                return new Value("", items);
            case '"':
                return Quoted(text, ref at);
            case '{' or '~':
                return Literal(text, ref at);
            default:
                return Atom(text, ref at);
        }
    }

    private static Value Quoted(string text, ref int at)
    {
        var value = new StringBuilder();
        for (at++; at < text.Length; at++)
        {
            if (text[at] == '"')
            {
                at++;
                return new Value(value.ToString());
            }

            if (text[at] == '\\')
                at++;
            value.Append(text[at]);
        }

        throw new WrongAnswerException("A quoted string has no end.");
    }

    private static Value Literal(string text, ref int at)
    {
        var open = text.IndexOf('{', at);
        var close = text.IndexOf("}\r\n", open, StringComparison.Ordinal);
        var length = int.Parse(text.AsSpan(open + 1, close - open - 1), CultureInfo.InvariantCulture);
        var begin = close + 3;
        at = begin + length;
        return new Value(text.Substring(begin, length));
    }

    /// <summary>An atom, or the name of a data item with its section, which has spaces and parentheses within brackets.</summary>
    private static Value Atom(string text, ref int at)
    {
        var begin = at;
        var depth = 0;
        for (; at < text.Length; at++)
        {
            if (text[at] == '[')
                depth++;
            else if (text[at] == ']')
                depth--;
            else if (depth == 0 && text[at] is ' ' or '(' or ')' && depth == 0)
                break;
        }

        return new Value(text[begin..at]);
    }
}
