using System.Reflection;
using System.Text;
using System.Text.RegularExpressions;
using CsCheck;
using MailSuite.Mta.Smtp.Replies;
using MailSuite.Shared.Status;
using MailSuite.Testing;

namespace MailSuite.Mta.Tests.Smtp;

public sealed class ReplyTests
{
    [Fact]
    public void Stand_in_one_place_only()
    {
        var root = new DirectoryInfo(AppContext.BaseDirectory);
        while (root is not null && !File.Exists(Path.Combine(root.FullName, "MailSuite.sln")))
            root = root.Parent;

        var folder = Path.Combine(root!.FullName, "src", "Mta", "Smtp");
        var literal = new Regex("\"[2-5][0-9][0-9][ -]|SmtpReply\\.Of\\(", RegexOptions.None, TimeSpan.FromSeconds(5));
        var files = Directory.EnumerateFiles(folder, "*.cs", SearchOption.AllDirectories).ToList();
        Assert.Contains(files, file => literal.IsMatch(File.ReadAllText(file)));
        Assert.DoesNotContain(files.Where(file => !file.Contains(Path.Combine("Smtp", "Replies"), StringComparison.Ordinal)), file => literal.IsMatch(File.ReadAllText(file)));
    }

    [EhloKeyword("ENHANCEDSTATUSCODES")]
    [Fact]
    public void Carry_an_enhanced_code_of_their_own_class()
    {
        var replies = typeof(SmtpReplies).GetFields(BindingFlags.Public | BindingFlags.Static).Select(field => (SmtpReply)field.GetValue(null)!).ToList();
        Assert.NotEmpty(replies);
        foreach (var reply in replies)
        {
            if (reply.Code is 354)
                Assert.Null(reply.Status);
            else
                Assert.Equal(reply.Code / 100, reply.Status!.Value.Class);
        }
    }

    [Fact]
    public void Stay_printable_and_within_512_octets_whatever_the_reason_says() => Gen.String.Sample(reason =>
    {
        var reply = SmtpReplies.Of(StatusCodes.OtherPermanent, reason);
        var octets = Encoding.ASCII.GetString(reply.Octets.Span);
        Assert.InRange(octets.Length, 7, 512);
        Assert.EndsWith("\r\n", octets, StringComparison.Ordinal);
        Assert.DoesNotContain(octets[..^2], c => c is < ' ' or > '~');
    });

    [Theory]
    [InlineData(4, 2, 1, 450)]
    [InlineData(4, 2, 2, 452)]
    [InlineData(4, 3, 0, 451)]
    [InlineData(4, 3, 1, 452)]
    [InlineData(4, 3, 2, 451)]
    [InlineData(4, 5, 3, 452)]
    [InlineData(4, 7, 0, 451)]
    [InlineData(5, 1, 1, 550)]
    [InlineData(5, 1, 6, 551)]
    [InlineData(5, 2, 1, 550)]
    [InlineData(5, 2, 2, 552)]
    [InlineData(5, 3, 4, 552)]
    [InlineData(5, 6, 7, 553)]
    [InlineData(5, 7, 1, 550)]
    [InlineData(5, 0, 0, 554)]
    public void Take_their_code_from_the_enhanced_one(int @class, int subject, int detail, int code) =>
        Assert.Equal(code, SmtpReplies.Of(new EnhancedStatusCode(@class, subject, detail), "why").Code);

    [EhloKeyword("ENHANCEDSTATUSCODES")]
    [Fact]
    public void Repeat_code_and_enhanced_code_on_every_line()
    {
        var reply = SmtpReply.Of(250, StatusCodes.Ok, "one", "two", "three");
        Assert.Equal("250-2.0.0 one\r\n250-2.0.0 two\r\n250 2.0.0 three\r\n", Encoding.ASCII.GetString(reply.Octets.Span));
    }
}
