using CsCheck;
using MailSuite.Mua.Cli.Sendmail;

namespace MailSuite.Mua.Tests.Cli;

public sealed class SendmailOptionsTests
{
    [Theory]
    [InlineData("-t", SendmailMode.Deliver)]
    [InlineData("-bm bob", SendmailMode.Deliver)]
    [InlineData("-bs", SendmailMode.Smtp)]
    [InlineData("-b s", SendmailMode.Smtp)]
    [InlineData("-bp", SendmailMode.ShowQueue)]
    [InlineData("-bi", SendmailMode.RebuildAliases)]
    [InlineData("-bd", SendmailMode.Serve)]
    [InlineData("-bd -q30m", SendmailMode.Serve)]
    [InlineData("-q30m -bd", SendmailMode.Serve)]
    [InlineData("-q", SendmailMode.RunQueue)]
    [InlineData("-qIABC", SendmailMode.RunQueue)]
    [InlineData("--help", SendmailMode.Help)]
    public void Says_what_to_do(string line, object mode) => Assert.Equal((SendmailMode)mode, Parse(line).Mode);

    [Theory]
    [InlineData("mailq", SendmailMode.ShowQueue)]
    [InlineData("newaliases", SendmailMode.RebuildAliases)]
    [InlineData("sendmail", SendmailMode.Deliver)]
    public void So_does_the_name_of_the_program(string name, object mode)
    {
        Assert.True(SendmailOptions.TryParse(name, [], out var options, out _));
        Assert.Equal((SendmailMode)mode, options.Mode);
    }

    [Theory]
    [InlineData("-ti")]
    [InlineData("-it")]
    [InlineData("-t -oi")]
    [InlineData("-t -o i")]
    [InlineData("-i -t -oem -odi")]
    [InlineData("-Uti")]
    public void Letters_stand_together_or_apart(string line)
    {
        var options = Parse(line);
        Assert.True(options.RecipientsFromHeader);
        Assert.False(options.DotEnds);
    }

    [Theory]
    [InlineData("-fann@example.org")]
    [InlineData("-f ann@example.org")]
    [InlineData("-rann@example.org")]
    [InlineData("-r ann@example.org")]
    [InlineData("-tif ann@example.org")]
    public void A_value_stands_behind_its_letter_or_next(string line) => Assert.Equal("ann@example.org", Parse(line).Sender);

    [Fact]
    public void An_empty_sender_is_one()
    {
        Assert.True(SendmailOptions.TryParse("sendmail", ["-f", "", "bob"], out var options, out _));
        Assert.Equal("", options.Sender);
        Assert.Equal(["bob"], options.Recipients);
    }

    [Fact]
    public void Recipients_stand_anywhere_and_after_two_dashes_everything_is_one() =>
        Assert.Equal(["bob", "carol", "-t"], Parse("bob -v carol -- -t").Recipients);

    [Fact]
    public void Names_the_program_as_every_command_does()
    {
        var options = Parse("--data /d --config=/c --port-offset 7 -t");
        Assert.Equal("/d", options.Data);
        Assert.Equal("/c", options.Config);
        Assert.Equal(7, options.PortOffset);
        Assert.Equal("/x", Parse("-C/x").Config);
    }

    /// <summary>What mailers, cron, PHP and scripts say beside it, from sendmail(1) of Sendmail and of Postfix.</summary>
    [Theory]
    [InlineData("-A c -B 8BITMIME -G -h 5 -L tag -m -n -O DeliveryMode=b -oA/etc/aliases -o7 -oQ/var -p smtp -U -v -X /tmp/log -t")]
    [InlineData("-FCronDaemon -i -B8BITMIME -oem root")]
    [InlineData("-B 7BIT bob")]
    public void Takes_what_others_take(string line) => Assert.Equal(SendmailMode.Deliver, Parse(line).Mode);

    [Theory]
    [InlineData("-z")]
    [InlineData("-tz")]
    [InlineData("-f")]
    [InlineData("-bx")]
    [InlineData("-b")]
    [InlineData("-B BINARYMIME")]
    [InlineData("--nonsense")]
    [InlineData("--data")]
    [InlineData("--port-offset x")]
    public void Refuses_what_it_does_not_know(string line)
    {
        Assert.False(SendmailOptions.TryParse("sendmail", line.Split(' '), out _, out var problem));
        Assert.NotEqual("", problem);
    }

    [Fact]
    public void Takes_any_words_without_an_exception() =>
        Gen.String[Gen.Char["-bfFtiqo8Bs =x"], 0, 6].Array[0, 6].Sample(words => { _ = SendmailOptions.TryParse("sendmail", words, out _, out _); });

    private static SendmailOptions Parse(string line)
    {
        Assert.True(SendmailOptions.TryParse("sendmail", line.Split(' '), out var options, out var problem), problem);
        return options;
    }
}
