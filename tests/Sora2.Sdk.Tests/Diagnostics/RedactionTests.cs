namespace Sora2.Sdk.Tests.Diagnostics;

public sealed class RedactionTests
{
    [Theory]
    [InlineData("nothing to hide: task sora-2:task_01k9 at 37.5%", "nothing to hide: task sora-2:task_01k9 at 37.5%")]
    [InlineData("see https://h.example/a/b.mp4, then go on", "see https://h.example/a/b.mp4, then go on")]
    [InlineData("cannot read https://h.example/a.png?X-Sig=abc&e=1 now", "cannot read https://h.example/a.png?*** now")]
    [InlineData("""{"url":"https:\/\/h.example\/a.png?sig=abc"}""", """{"url":"https:\/\/h.example\/a.png?***"}""")]
    [InlineData("at https://me:secret@h.example/a", "at https://h.example/a")]
    [InlineData("at HTTP://me:secret@h.example/a#part", "at HTTP://h.example/a?***")]
    [InlineData("the image data:image/png;base64,iVBORw0KGgo= is bad", "the image data:image/png;base64,*** is bad")]
    [InlineData("""{"image":"data:image\/png;base64,iVBORw0KGgo\/AAAB","n":1}""", """{"image":"data:image\/png;base64,***","n":1}""")]
    [InlineData("the image data:,hello is bad", "the image data:,*** is bad")]
    [InlineData("令牌sk-fake-key-0000的额度", "令牌sk-***的额度")]
    public void A_text_keeps_its_words_and_loses_its_secrets(string text, string expected) => Assert.Equal(expected, Redaction.Text(text));

    [Fact]
    public void An_image_without_its_prefix_is_hidden_as_well() =>
        Assert.Equal("bad image: ***.", Redaction.Text($"bad image: {Convert.ToBase64String(new byte[300])}."));

    [Theory]
    [InlineData("data:")]
    [InlineData("data:a/")]
    [InlineData("a")]
    [InlineData("http://")]
    [InlineData("https://a@")]
    [InlineData("sk-")]
    [InlineData("data:;")]
    public async Task A_long_hostile_text_takes_no_time(string part)
    {
        var text = string.Concat(Enumerable.Repeat(part, 2_000_000 / part.Length)) + new string('a', 2_000_000);

        // A minute: what is tried in every way would take hours.
        var shown = await Task.Run(() => Redaction.Text(text)).WaitAsync(TimeSpan.FromMinutes(1), TestContext.Current.CancellationToken);

        Assert.NotEmpty(shown);
        Assert.InRange(Redaction.Excerpt(text).Length, 1, 8200);
    }

    [Fact]
    public void An_address_without_a_host_loses_its_query_too() => Assert.Equal("/v/a.mp4", Redaction.WithoutQuery(new Uri("/v/a.mp4?sig=abc#x", UriKind.Relative)));

    [Fact]
    public void The_clients_own_key_is_hidden_whatever_it_looks_like() => Assert.Equal("key *** is wrong", Redaction.Text("key test-key-juxin is wrong", "test-key-juxin"));
}
