namespace MailSuite.Mda.Store.Model;

/// <summary>The header of a body with its Return-Path and the blank line, apart from the text so that header fields are read without it.</summary>
internal sealed class BodyHeadRow
{
    public long BodyId { get; init; }

    public required byte[] Head { get; init; }
}
