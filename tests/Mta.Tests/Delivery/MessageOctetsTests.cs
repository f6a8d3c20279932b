using System.Text;
using MailSuite.Mta.Delivery;
using MailSuite.Shared.Content;
using MailSuite.Testing;

namespace MailSuite.Mta.Tests.Delivery;

public sealed class MessageOctetsTests
{
    [Theory]
    [InlineData("Subject: x\r\n\r\nplain\r\n", false, false)]
    [InlineData("Subject: x\r\n\r\nGrüße\r\n", true, false)]
    [InlineData("Subject: Grüße\r\n\r\nplain\r\n", true, true)]
    [InlineData("\r\nGrüße\r\n", true, false)]
    [InlineData("Subject: no body ü", true, true)]
    [InlineData("", false, false)]
    public async Task Sees_where_8_bit_octets_are(string message, bool anywhere, bool inHeader)
    {
        using var directory = new TempDirectory();
        var octets = Encoding.UTF8.GetBytes(message);
        await File.WriteAllBytesAsync(directory.File("m"), octets, TestContext.Current.CancellationToken);

        var expected = new MessageOctets(anywhere, inHeader) { HasOpenEnd = octets is [.., not (byte)'\n'] };
        Assert.Equal(expected, await MessageOctets.ScanAsync(new MemoryContent(octets), CancellationToken.None));
        Assert.Equal(expected, await MessageOctets.ScanAsync(new FileContent(directory.File("m"), octets.Length), CancellationToken.None));
    }

    [Fact]
    public async Task Reads_a_file_to_its_end()
    {
        using var directory = new TempDirectory();
        var octets = Encoding.UTF8.GetBytes("Subject: x\r\n\r\n" + new string('x', 500_000) + "ü");
        await File.WriteAllBytesAsync(directory.File("m"), octets, TestContext.Current.CancellationToken);

        Assert.Equal(new MessageOctets(true, false) { HasNulOrLongLine = true, HasOpenEnd = true }, await MessageOctets.ScanAsync(new FileContent(directory.File("m"), octets.Length), CancellationToken.None));
    }
}
