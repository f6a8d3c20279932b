using System.Globalization;
using System.Text;

namespace MailSuite.Mda.Imap.Selected;

/// <summary>Sets of numbers in response codes.</summary>
internal static class MessageSetText
{
    /// <summary>Numbers in ascending order as a set, neighbours as a range: <c>1,4:7</c>.</summary>
    internal static string Of(IReadOnlyList<uint> ascending)
    {
        var text = new StringBuilder();
        foreach (var range in UidRange.Of(ascending))
        {
            text.Append(text.Length == 0 ? string.Empty : ",").Append(CultureInfo.InvariantCulture, $"{range.First}");
            if (range.Last > range.First)
                text.Append(CultureInfo.InvariantCulture, $":{range.Last}");
        }

        return text.ToString();
    }
}
