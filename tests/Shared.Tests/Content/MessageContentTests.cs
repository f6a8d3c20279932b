using System.Text;
using MailSuite.Shared.Content;
using MailSuite.Testing;

namespace MailSuite.Shared.Tests.Content;

public sealed class MessageContentTests
{
    [Fact]
    public void Puts_a_prefix_before_a_message_in_memory()
    {
        var content = new PrefixedContent("Received: x\r\n"u8.ToArray(), new MemoryContent("Subject: y\r\n\r\n"u8.ToArray()));
        Assert.Equal(27, content.Octets);
        Assert.True(content.TryGetMemory(out var octets));
        Assert.Equal("Received: x\r\nSubject: y\r\n\r\n", Encoding.ASCII.GetString(octets.Span));
        Assert.Equal("Received: x\r\nSubject: y\r\n\r\n", Read(content));
    }

    [Fact]
    public void Puts_a_prefix_before_a_message_in_a_file_and_reads_it_as_often_as_asked()
    {
        using var directory = new TempDirectory();
        var path = directory.File("body");
        File.WriteAllText(path, "Subject: y\r\n\r\n");
        var content = new PrefixedContent("Received: x\r\n"u8.ToArray(), new FileContent(path, 14));
        Assert.Equal(27, content.Octets);
        Assert.False(content.TryGetMemory(out _));
        Assert.Equal("Received: x\r\nSubject: y\r\n\r\n", Read(content));
        Assert.Equal("Received: x\r\nSubject: y\r\n\r\n", Read(content));
    }

    private static string Read(IMessageContent content)
    {
        using var reader = new StreamReader(content.OpenRead(), Encoding.ASCII);
        return reader.ReadToEnd();
    }
}
