using System.Text;
using CsCheck;
using MailSuite.Mda.Imap.Grammar;
using MailSuite.Mda.Imap.Incoming;

namespace MailSuite.Mda.Tests.Imap;

public sealed class AppendGrammarTests
{
    private static readonly Gen<string> Pieces = Gen.OneOf(
        " ", "(", ")", "\\Seen", "k", "\" 1-Jan-2020 00:00:00 +0000\"", "CATENATE", "UTF8", "TEXT", "URL", "/a/;UID=1", "\"/a\"", "{3}", "~{3+}", "{3", "\0", "é", "imap://", ";SECTION=1.MIME", "%2");

    [Fact]
    public void Comes_to_an_end_whatever_it_is_given() => Pieces.Array[0, 12].Array[1, 6].Sample(lines =>
    {
        var grammar = new AppendGrammar(single: false);
        foreach (var line in lines)
        {
            var text = Encoding.UTF8.GetBytes(string.Concat(line));
            var at = 0;
            for (var steps = 0; ; steps++)
            {
                Assert.InRange(steps, 0, text.Length + 2);
                var step = grammar.Next(text, ref at);
                Assert.InRange(at, 0, text.Length);
                if (step is AppendStep.Invalid or AppendStep.End)
                    return true;
                if (step is AppendStep.Message or AppendStep.Text or AppendStep.UrlLiteral)
                    break;
            }
        }

        return true;
    });

    [Fact]
    public void Reads_no_url_that_it_could_not_have_been_given() =>
        Pieces.Array[0, 12].Sample(pieces => !MessageUrl.TryParse(string.Concat(pieces), out var url) || url is { Uid: > 0, Offset: >= 0, Length: null or > 0 });
}
