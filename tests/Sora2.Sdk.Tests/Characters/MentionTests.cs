using System.Text.RegularExpressions;
using FsCheck;
using FsCheck.Fluent;
using Sora2.Sdk.Characters;

namespace Sora2.Sdk.Tests.Characters;

public sealed class MentionTests
{
    private static readonly IReadOnlyList<LibraryCharacter> Characters =
    [
        new() { Username = "ebfb9a758.sunnykitte", Alias = "阳光小猫" },
        new() { Username = "hfspncadz.mooflapand", Alias = "阳光" },
        new() { Username = "cat.one", Alias = "Cat" },
        new() { Username = "cat.two", Alias = "cat in the hat" },
        new() { Username = "rose.three", Alias = "Rosé" },
        new() { Username = "paw.four", Alias = "🐱" },
        new() { Username = "woman.five", Alias = "👩" },
        new() { Username = "hatul.six", Alias = "חתול" },
        new() { Username = "qitt.seven", Alias = "قط" },
        new() { Username = "gaki.eight", Alias = "ガキ" },
        new() { Username = "goyangi.nine", Alias = "고양이" },
        new() { Username = "spider.ten", Alias = "spider-man" },
        new() { Username = "plain" },
    ];

    [Theory]
    [InlineData("@阳光小猫 在海边玩", "@ebfb9a758.sunnykitte 在海边玩")]
    [InlineData("@阳光小猫在海边玩", "@ebfb9a758.sunnykitte 在海边玩")]
    [InlineData("在海边@阳光小猫玩", "在海边 @ebfb9a758.sunnykitte 玩")]
    [InlineData("@阳光小狗", "@hfspncadz.mooflapand 小狗")] // the longest alias that matches
    [InlineData("看@阳光小猫", "看 @ebfb9a758.sunnykitte")] // no space at the end
    [InlineData("  @阳光小猫  ", "@ebfb9a758.sunnykitte")]
    [InlineData("看   @阳光小猫   玩", "看 @ebfb9a758.sunnykitte 玩")]
    [InlineData("看　@阳光小猫　玩\t耍", "看 @ebfb9a758.sunnykitte 玩\t耍")] // only the spaces next to it
    [InlineData("＠阳光小猫玩", "@ebfb9a758.sunnykitte 玩")] // a full-width sign before a known name
    [InlineData("＠ｃａｔ和﹫CAT", "@cat.one 和 @cat.one")]
    [InlineData("“@阳光小猫”，你好", "“ @ebfb9a758.sunnykitte ”，你好")]
    [InlineData("(@Cat)", "( @cat.one )")]
    [InlineData("@cat, look!", "@cat.one , look!")]
    [InlineData("Look, @cat. It runs.", "Look, @cat.one . It runs.")]
    [InlineData("@cat's tail", "@cat.one 's tail")]
    [InlineData("@cat-在", "@cat.one -在")]
    [InlineData("@Cat in the hat and @cat in the house", "@cat.two and @cat.one in the house")]
    [InlineData("@cat  in\u00A0the　HAT", "@cat.two")]
    [InlineData("@cat in\nthe hat", "@cat.one in\nthe hat")] // a name contains no line break
    [InlineData("@cat\n@阳光小猫\r\n", "@cat.one \n @ebfb9a758.sunnykitte \r\n")] // a line break is not a space
    [InlineData("@cat在海边", "@cat.one 在海边")]
    [InlineData("@rosé @ROSÉ @rosés", "@rose.three @rose.three @rose.three s")] // only a name that ends in ASCII ends where the word does
    [InlineData("@rose @Rose\u0301 @rosé\u0323", "@rose @Rose\u0301 @rosé\u0323", "@rose", "@Rose\u0301", "@rosé\u0323")]
    [InlineData("@cat\u0301 @cat.one\u0301 @caté", "@cat\u0301 @cat.one\u0301 @cat.one é", "@cat\u0301", "@cat.one\u0301")]
    [InlineData("@🐱🐱 @🐱plays", "@paw.four 🐱 @paw.four plays")]
    [InlineData("@👩 flies, @👩‍🚀 not", "@woman.five flies, @👩‍🚀 not", "@👩‍🚀")] // an emoji is not split
    [InlineData("@חתול על החוף, @חתולים", "@hatul.six על החוף, @hatul.six ים")]
    [InlineData("\u200F@חתול\u200F רץ", "\u200F @hatul.six \u200F רץ")]
    [InlineData("@قط يلعب", "@qitt.seven يلعب")]
    [InlineData("@ガキが走る", "@gaki.eight が走る")]
    [InlineData("@カキが走る", "@カキが走る", "@カキが走る")]
    [InlineData("@고양이가 달린다", "@goyangi.nine 가 달린다")]
    [InlineData("@고양이\u1100", "@goyangi.nine \u1100")]
    [InlineData("@spider-man vs @spider-men", "@spider.ten vs @spider-men", "@spider-men")]
    [InlineData("@cat@阳光小猫@cat", "@cat.one @ebfb9a758.sunnykitte @cat.one")]
    [InlineData("@@阳光小猫 @@", "@ @ebfb9a758.sunnykitte @@")]
    [InlineData("look@cat there", "look @cat.one there")]
    [InlineData("look.@cat there", "look. @cat.one there")]
    [InlineData("mail tom@example.com or @cat", "mail tom@example.com or @cat.one", "tom@example.com")]
    [InlineData("tom@cat.com, tom.b+c@cat.co.uk在", "tom@cat.com, tom.b+c@cat.co.uk在", "tom@cat.com", "tom.b+c@cat.co.uk")]
    [InlineData("see https://x.com/@cat and @cat", "see https://x.com/@cat and @cat.one", "https://x.com/@cat")]
    [InlineData("看http://x.com/@阳光小猫?a=1", "看http://x.com/@阳光小猫?a=1", "http://x.com/@阳光小猫?a=1")]
    [InlineData("://@cat", "://@cat", "://@cat")]
    [InlineData("https://x.com @cat", "https://x.com @cat.one")]
    [InlineData("@cat@example.social", "@cat@example.social", "@cat@example.social")]
    [InlineData("＠7@plain＠cat-.plain", "＠7 @plain @cat.one -.plain", "＠7")] // an address does not begin within a name
    [InlineData(
        "@category @cat2 @cat_ @cat-like @cat.dog",
        "@category @cat2 @cat_ @cat-like @cat.dog",
        "@category", "@cat2", "@cat_", "@cat-like")]
    [InlineData("@stranger, @小狗在跑。@ 5 €", "@stranger, @小狗在跑。@ 5 €", "@stranger", "@小狗在跑")]
    [InlineData("＠stranger", "＠stranger", "＠stranger")]
    [InlineData("@ebfb9a758.sunnykitte 在海边玩", "@ebfb9a758.sunnykitte 在海边玩")]
    [InlineData("@ebfb9a758.sunnykitte在海边玩", "@ebfb9a758.sunnykitte 在海边玩")] // a known username gets its spaces
    [InlineData("看@ebfb9a758.sunnykitte.", "看 @ebfb9a758.sunnykitte .")]
    [InlineData("@EBFB9A758.SunnyKitte", "@ebfb9a758.sunnykitte")]
    [InlineData("@ebfb9a758.sunnykittens 在", "@ebfb9a758.sunnykittens 在")] // another character's username
    [InlineData("@not.here在，@not.here.", "@not.here在，@not.here.")] // it may be a character that is not in the library
    [InlineData("@plain and @plainly", "@plain and @plainly", "@plainly")]
    [InlineData("half \uD83D@\uD83D", "half \uD83D@\uD83D", "@\uD83D")]
    [InlineData("@", "@")]
    [InlineData("", "")]
    public void Mention_becomes_username(string prompt, string expected, params string[] unresolved)
    {
        var resolution = MentionText.Resolve(prompt, Characters);

        Assert.Equal(expected, resolution.Prompt);
        Assert.Equal(unresolved, resolution.Unresolved);
        Assert.Equal(expected, MentionText.Resolve(expected, Characters).Prompt);
    }

    [Fact]
    public void Resolution_has_the_written_text_and_the_username_of_each_mention()
    {
        var resolution = MentionText.Resolve("@阳光小猫和＠CAT和@plain和@stranger", Characters);

        Assert.Equal(
            [("@阳光小猫", "ebfb9a758.sunnykitte"), ("＠CAT", "cat.one"), ("@plain", "plain")],
            resolution.Resolved.Select(mention => (mention.Text, mention.Username)));
        Assert.Equal("@阳光小猫 → @ebfb9a758.sunnykitte", resolution.Resolved[0].ToString());
    }

    [Fact]
    public void Exact_username_comes_before_a_longer_alias()
    {
        IReadOnlyList<LibraryCharacter> characters =
        [
            new() { Username = "sunny", Alias = "小猫" },
            new() { Username = "other.one", Alias = "sunny 在海边" },
        ];

        Assert.Equal("@sunny 在海边", MentionText.Resolve("@小猫在海边", characters).Prompt);
        Assert.Equal("@sunny 在海边", MentionText.Resolve("@sunny 在海边", characters).Prompt);
    }

    [Fact]
    public void Web_address_does_not_begin_within_a_name()
    {
        IReadOnlyList<LibraryCharacter> characters =
        [
            new() { Username = "the.one", Alias = "a://b" },
            new() { Username = "cat.one", Alias = "cat" },
        ];

        Assert.Equal("@the.one @cat.one", MentionText.Resolve("@a://b@cat", characters).Prompt);
        Assert.Equal("@the.one @cat.one", MentionText.Resolve("@the.one @cat.one", characters).Prompt);
    }

    [Fact]
    public void Long_text_without_spaces_is_unchanged()
    {
        var text = string.Concat(Enumerable.Repeat("a.b@c.d@@ｘ", 20_000));

        Assert.Equal(text, MentionText.Resolve(text, Characters).Prompt);
    }

    [Fact]
    public void Resolving_a_resolved_prompt_returns_it_unchanged() => Check(Combine([.. Parts, "://"]), text =>
    {
        var once = MentionText.Resolve(text, Characters);
        var twice = MentionText.Resolve(once.Prompt, Characters);

        Assert.Equal(once.Prompt, twice.Prompt);
        Assert.Equal(once.Resolved.Select(mention => mention.Username), twice.Resolved.Select(mention => mention.Username));
    });

    [Fact]
    public void Text_without_a_sign_is_unchanged() => Check(Texts, text =>
    {
        text = text.Replace("@", "", StringComparison.Ordinal).Replace("＠", "", StringComparison.Ordinal);
        var resolution = MentionText.Resolve(text, Characters);

        Assert.Equal(text, resolution.Prompt);
        Assert.Empty(resolution.Resolved);
        Assert.Empty(resolution.Unresolved);
    });

    [Fact]
    public void Text_without_known_names_is_unchanged() =>
        Check(Texts, text => Assert.Equal(text, MentionText.Resolve(text, []).Prompt));

    [Fact]
    public void Every_alias_is_resolved_anywhere()
    {
        var cases =
            from before in Texts
            from character in Gen.Elements(Characters.Where(character => character.Alias is not null))
            from upper in Gen.Elements(true, false)
            from next in Gen.Elements("", " ", "，", "在", "!", "\n", ")", "。")
            from after in Texts
            select (
                Before: before,
                Character: character,
                Alias: upper ? character.Alias!.ToUpperInvariant() : character.Alias!,
                After: next.Length == 0 ? "" : next + after);
        Check(cases, item =>
        {
            // The text after an alias may make it a longer alias.
            var longer = Characters
                .Where(other => other.Alias?.Length > item.Alias.Length
                    && (item.Alias + item.After).StartsWith(other.Alias, StringComparison.OrdinalIgnoreCase))
                .Select(other => other.Username);
            var resolution = MentionText.Resolve(item.Before + "。@" + item.Alias + item.After, Characters);

            Assert.Contains(
                resolution.Resolved,
                mention => mention.Username == item.Character.Username || longer.Contains(mention.Username));
            Assert.All(
                resolution.Resolved,
                mention => Assert.Matches($"(?:^|[^ ] )@{Regex.Escape(mention.Username)}(?: [^ ]|$)", resolution.Prompt));
        });
    }

    [Fact]
    public void Address_is_never_changed()
    {
        var part = Gen.NonEmptyListOf(Gen.Elements('a', 'Z', '7', '_', '-')).Select(letters => new string([.. letters]));
        var label = Gen.Elements("cat", "example", "x-1", "2");
        var cases =
            from before in Gen.Elements("", "写给 ", "(", "。")
            from local in part
            from domain in label
            from top in Gen.Elements("com", "co.uk", "CN")
            from after in Gen.Elements("", " @stranger", "，", ")", "在")
            select (before, Address: $"{local}@{domain}.{top}", after);
        Check(cases, item =>
        {
            var text = item.before + item.Address + item.after;
            var resolution = MentionText.Resolve(text, Characters);

            Assert.Equal(text, resolution.Prompt);
            Assert.Contains(item.Address, resolution.Unresolved);
        });
    }

    [Theory]
    [InlineData("@")]
    [InlineData("＠")]
    [InlineData("@c")]
    [InlineData("a@")]
    [InlineData("a.@")]
    [InlineData("@阳")]
    [InlineData("://@")]
    [InlineData("@a://")]
    [InlineData("@a.b.")]
    [InlineData("a.")]
    [InlineData("a")]
    [InlineData(".")]
    [InlineData("a@b.")]
    public async Task Prompt_of_signs_only_is_resolved_in_linear_time(string part)
    {
        LibraryCharacter[] characters =
            [.. Enumerable.Range(0, 300).Select(i => new LibraryCharacter { Username = $"user{i}.name", Alias = $"阿{i}" })];
        var text = string.Concat(Enumerable.Repeat(part, 2_000_000 / part.Length));

        // A minute, as quadratic time would be hours.
        var resolution = await Task.Run(() => MentionText.Resolve(text, characters))
            .WaitAsync(TimeSpan.FromMinutes(1), TestContext.Current.CancellationToken);

        Assert.Empty(resolution.Resolved);
    }

    /// <summary>Texts of the parts of mentions and addresses, in any order.</summary>
    private static readonly string[] Parts =
    [
        "@", "＠", "阳光", "小猫", "cat", "Cat in", " the hat", " ", "  ", "　", "\n", ".", ",", "，", "-", "'", "_", "7", "é", "\u0301",
        "🐱", "👩", "\u200D", "🚀", "חתול", "ガ", "고양이", "ebfb9a758", ".sunnykitte", "plain", "tom", ".com", "\uD83D",
    ];

    private static readonly Gen<string> Texts = Combine(Parts);

    private static Gen<string> Combine(params string[] parts) =>
        Gen.ListOf(Gen.Elements(parts)).Select(pieces => string.Concat(pieces));

    private static void Check<T>(Gen<T> cases, Action<T> property) =>
        Prop.ForAll(Arb.From(cases), property).Check(Config.QuickThrowOnFailure.WithMaxTest(2000));
}
