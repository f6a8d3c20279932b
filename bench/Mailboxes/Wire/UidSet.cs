using System.Globalization;
using System.Text;

namespace MailSuite.Bench.Mailboxes.Wire;

/// <summary>Sets of numbers as IMAP writes them.</summary>
internal static class UidSet
{
    public const int MostNumbers = 10_000_000;

    /// <summary>The numbers in the order in which they are written.</summary>
    public static List<uint> Parse(string text)
    {
        var numbers = new List<uint>();
        foreach (var part in text.Split(','))
        {
            var bounds = part.Split(':');
            var first = uint.Parse(bounds[0], CultureInfo.InvariantCulture);
            var last = bounds.Length > 1 ? uint.Parse(bounds[1], CultureInfo.InvariantCulture) : first;
            if (last < first)
                (first, last) = (last, first);
            if (numbers.Count + (long)(last - first) > MostNumbers)
                throw new WrongAnswerException($"A set of more than {MostNumbers} numbers.");
            for (var number = first; ; number++)
            {
                numbers.Add(number);
                if (number == last)
                    break;
            }
        }

        return numbers;
    }

    /// <param name="ascending">At least one number.</param>
    public static string Write(IReadOnlyList<uint> ascending)
    {
        var text = new StringBuilder();
        for (var i = 0; i < ascending.Count;)
        {
            var end = i;
            while (end + 1 < ascending.Count && ascending[end + 1] == ascending[end] + 1)
                end++;
            if (text.Length > 0)
                text.Append(',');
            text.Append(CultureInfo.InvariantCulture, $"{ascending[i]}");
            if (end > i)
                text.Append(CultureInfo.InvariantCulture, $":{ascending[end]}");
            i = end + 1;
        }

        return text.ToString();
    }
}
