using System.Globalization;
using System.Text.RegularExpressions;
using FsCheck;
using FsCheck.Fluent;
using Sora2.Sdk.Errors;
using Sora2.Sdk.Tests.Support;

namespace Sora2.Sdk.Tests.Errors;

public sealed partial class ErrorAdviceTests
{
    private static readonly Sora2ErrorKind[] Kinds = Enum.GetValues<Sora2ErrorKind>();
    private static readonly bool?[] Charges = [false, true, null];

    private static readonly VideoTask Failed = new() { PlatformName = "juxin", Id = "video_7", Status = VideoTaskStatus.Failed };

    public static TheoryData<Sora2Exception, string, string> Advices => new()
    {
        {
            new Sora2ValidationException("The prompt is empty."),
            "Change what the message names. Nothing was charged: the request may be sent again after that.",
            "请按错误信息修改请求或设置。没有扣费，之后可以重新发送请求。"
        },
        {
            new Sora2ApiException(Sora2ErrorKind.InsufficientQuota, "额度不足"),
            "Top up the account, or raise the key's own budget, at the platform. "
                + "Nothing was charged: the request may be sent again after that.",
            "请到平台给账户充值，或提高该密钥的额度。没有扣费，之后可以重新发送请求。"
        },
        {
            new Sora2ApiException(Sora2ErrorKind.Authentication, "x") { TaskId = "video_7", MayHaveBeenCharged = true }, // of a poll
            "Check the API key, or the credentials of a proxy if it requires them. Do not create it again: wait for task video_7.",
            "请检查 API 密钥是否正确、是否过期；如果是代理要求认证，请检查代理的用户名和密码。请勿重复创建：请等待任务 video_7。"
        },
        {
            new Sora2ApiException(Sora2ErrorKind.TaskNotFound, "x") { TaskId = "video_7", MayHaveBeenCharged = null },
            "Check the task's id, and that this platform and key created it; a new task may not be known for a few seconds. "
                + "Task video_7 may have been charged: query it, or look for it in the platform's own log, before creating it again.",
            "请检查任务 ID，并确认任务由该平台和该密钥创建；刚创建的任务可能要几秒钟后才能查到。"
                + "任务 video_7 可能已经扣费：再次创建之前，请先查询该任务，或到平台自己的日志中查找。"
        },
        {
            new SubmissionUnknownException("No response."),
            "It is not known whether the platform accepted the request. "
                + "It may have been charged: look for the request in the platform's own log before creating it again.",
            "无法确定平台是否接受了该请求。可能已经扣费：再次创建之前，请先到平台自己的日志中查找该请求。"
        },
        {
            new SubmissionUnknownException("Half a response.") { TaskId = "video_7" },
            "It is not known whether the platform accepted the request. "
                + "Task video_7 may have been charged: query it, or look for it in the platform's own log, before creating it again.",
            "无法确定平台是否接受了该请求。任务 video_7 可能已经扣费：再次创建之前，请先查询该任务，或到平台自己的日志中查找。"
        },
        {
            new VideoTaskFailedException(Sora2ErrorKind.OutputModeration, "x", Failed),
            "Moderation withheld the finished video: change the prompt. "
                + "Task video_7 may have been charged: query it, or look for it in the platform's own log, before creating it again.",
            "生成的视频未通过内容审核，请修改提示词。任务 video_7 可能已经扣费：再次创建之前，请先查询该任务，或到平台自己的日志中查找。"
        },
        {
            new WaitTimeoutException("x", "juxin", "video_7", TimeSpan.FromMinutes(30), task: null),
            "The task continues at the platform. Do not create it again: wait for task video_7.",
            "任务仍在平台上运行。请勿重复创建：请等待任务 video_7。"
        },
        {
            new DownloadException("x") { TaskId = "video_7" },
            "Fix what the message names, then download the video again: that is free, and continues where it stopped. "
                + "Task video_7 and its video are not affected: do not create it again.",
            "请先处理错误信息中指出的问题，再重新下载视频；下载不收费，并会从中断处继续。任务 video_7 及其视频不受影响，请勿重复创建。"
        },
        {
            new StorageException("The disk is full.") { TaskId = "video_7", MayHaveBeenCharged = true },
            "Check the file, directory or store that the message names. Do not create it again: wait for task video_7.",
            "请检查错误信息中提到的文件、目录或存储。请勿重复创建：请等待任务 video_7。"
        },
        {
            new StorageException("The disk is full.") { MayHaveBeenCharged = false },
            "Check the file, directory or store that the message names. Nothing was charged: the request may be sent again after that.",
            "请检查错误信息中提到的文件、目录或存储。没有扣费，之后可以重新发送请求。"
        },
    };

    [Theory]
    [MemberData(nameof(Advices), DisableDiscoveryEnumeration = true)]
    public void Error_has_its_advice(Sora2Exception error, string english, string chinese)
    {
        Assert.Equal(english, English(error));
        Assert.Equal(chinese, Chinese(error));
    }

    [Fact]
    public void Every_kind_has_advice_of_its_own_in_both_languages()
    {
        foreach (var charged in Charges)
        {
            foreach (var taskId in new[] { null, "video_7" })
            {
                var errors = Kinds.Select(kind => Error(kind, charged, taskId)).ToList();

                Assert.Equal(errors.Count, errors.Select(English).Distinct(StringComparer.Ordinal).Count());
                Assert.Equal(errors.Count, errors.Select(Chinese).Distinct(StringComparer.Ordinal).Count());
                Assert.All(errors, error => Assert.Matches(@"^[A-Z][ -~]+\.$", English(error)));
                Assert.All(errors, error => Assert.Matches(@"^\p{IsCJKUnifiedIdeographs}.+。$", Chinese(error)));
                Assert.All(errors, error => Assert.Equal(2, EnglishSentences().Count(English(error))));
                Assert.All(errors, error => Assert.Equal(2, Chinese(error).Count(letter => letter == '。')));
            }
        }
    }

    [Fact]
    public void Kind_that_this_version_does_not_know_has_the_advice_of_an_unknown_error() => Assert.Equal(
        English(Error(Sora2ErrorKind.Unknown, charged: null, taskId: null)),
        English(Error((Sora2ErrorKind)999, charged: null, taskId: null)));

    [Theory]
    [InlineData("zh", true)]
    [InlineData("zh-CN", true)]
    [InlineData("zh-Hans-CN", true)]
    [InlineData("zh-TW", true)]
    [InlineData("ZH-cn", true)]
    [InlineData("zh_CN", true)]
    [InlineData("", false)]
    [InlineData("en", false)]
    [InlineData("en-US", false)]
    [InlineData("de-CH", false)]
    [InlineData("z", false)]
    [InlineData("zhx", false)]
    [InlineData("zha-CN", false)]
    public void Language_follows_the_name_of_the_UI_culture_when_it_is_read(string culture, bool isChinese)
    {
        var error = new SubmissionUnknownException("No response.");
        var (english, chinese) = (English(error), Chinese(error));

        Assert.Equal(isChinese ? chinese : english, In(culture, error));
        Assert.Equal(english, English(error));
    }

    [Fact]
    public void Culture_for_numbers_does_not_decide_the_language()
    {
        var before = CultureInfo.CurrentCulture;
        CultureInfo.CurrentCulture = new NamedCulture("zh-CN");
        try
        {
            Assert.StartsWith(
                "The task continues", English(Error(Sora2ErrorKind.WaitTimeout, charged: true, "t")), StringComparison.Ordinal);
        }
        finally
        {
            CultureInfo.CurrentCulture = before;
        }
    }

    [Fact]
    public void Nothing_suggests_a_second_create_while_money_may_have_been_spent()
    {
        var cases =
            from kind in Gen.Elements(Kinds)
            from charged in Gen.Elements(Charges)
            from taskId in Gen.Elements(null, "", " ", "video_7", "任务-7", "a\nb")
            select (kind, charged, taskId);
        Prop.ForAll(Arb.From(cases), test =>
        {
            var (kind, charged, taskId) = test;
            var error = Error(kind, charged, taskId);
            var (english, chinese) = (English(error), Chinese(error));
            var hasTask = !string.IsNullOrWhiteSpace(taskId);

            if (charged == false)
            {
                Assert.Contains("Nothing was charged", english, StringComparison.Ordinal);
                Assert.Contains("没有扣费", chinese, StringComparison.Ordinal);
                Assert.DoesNotContain("may have been charged", english, StringComparison.Ordinal);
                Assert.DoesNotContain("可能已经扣费", chinese, StringComparison.Ordinal);
            }
            else
            {
                Assert.Matches("[Dd]o not create it again|before creating it again", english);
                Assert.Matches("请勿重复创建|再次创建之前", chinese);
                Assert.DoesNotContain("Nothing was charged", english, StringComparison.Ordinal);
                Assert.DoesNotContain("没有扣费", chinese, StringComparison.Ordinal);
                Assert.True(!hasTask || english.Contains("ask " + OnOneLine(taskId!), StringComparison.Ordinal), english);
                Assert.True(!hasTask || chinese.Contains("任务 " + OnOneLine(taskId!), StringComparison.Ordinal), chinese);
            }

            Assert.Equal(english.Contains("sent again", StringComparison.Ordinal), chinese.Contains("重新发送", StringComparison.Ordinal));
            Assert.True((charged == false && !hasTask) || !english.Contains("sent again", StringComparison.Ordinal), english);
        }).Check(Config.QuickThrowOnFailure.WithMaxTest(2000));

        static string OnOneLine(string taskId) => taskId.Replace('\n', ' ');
    }

    [Fact]
    public void Every_refusal_may_be_sent_again_and_a_task_may_not()
    {
        Sora2ErrorKind[] aboutTasks =
        [
            Sora2ErrorKind.TaskNotFound, Sora2ErrorKind.OutputModeration, Sora2ErrorKind.SubmissionUnknown, Sora2ErrorKind.TaskFailed,
            Sora2ErrorKind.WaitTimeout, Sora2ErrorKind.Download,
        ];

        Assert.Equal(Kinds.Except(aboutTasks), Kinds.Where(kind =>
            English(Error(kind, charged: false, taskId: null)).Contains("may be sent again", StringComparison.Ordinal)));
    }

    [Fact]
    public void Id_from_the_platform_stays_on_one_line_and_without_secrets()
    {
        var advice = English(Error(
            Sora2ErrorKind.WaitTimeout, charged: true, "t\r\n\u202ex sk-fake-key-0000 " + string.Concat(Enumerable.Repeat("long ", 100))));

        Assert.DoesNotMatch(@"[\p{C}]|fake-key", advice);
        Assert.InRange(advice.Length, 80, 250);
    }

    [Fact]
    public void Tables_of_the_page_have_the_texts()
    {
        var rows = Documents.TableOf("docs/errors.md", "| kind of error |");

        Assert.Equal(Kinds.Select(kind => (kind.ToString(), ErrorAdvice.Remedy(kind))), rows.Select(row => (row[0], (row[1], row[2]))));
        foreach (var row in Documents.TableOf("docs/errors.md", "| money |"))
        {
            var examples = Kinds.SelectMany(_ => Charges, (kind, charged) => (kind, charged))
                .SelectMany(_ => new[] { null, "video_7" }, (pair, taskId) => Error(pair.kind, pair.charged, taskId));
            Assert.Contains(examples, error => English(error).EndsWith(" " + row[1], StringComparison.Ordinal)
                && Chinese(error).EndsWith("。" + row[2], StringComparison.Ordinal));
        }
    }

    [Fact]
    public void Text_for_logs_is_the_same_in_every_language()
    {
        var error = new WaitTimeoutException("x", "juxin", "video_7", TimeSpan.FromMinutes(30), task: null);

        Assert.Equal(In("en", error, error => error.ToString()), In("zh-CN", error, error => error.ToString()));
    }

    private static Sora2ApiException Error(Sora2ErrorKind kind, bool? charged, string? taskId) =>
        new(kind, "x") { MayHaveBeenCharged = charged, TaskId = taskId };

    private static string English(Sora2Exception error) => In("en", error);

    private static string Chinese(Sora2Exception error) => In("zh-CN", error);

    private static string In(string culture, Sora2Exception error) => In(culture, error, error => error.Advice);

    private static string In(string culture, Sora2Exception error, Func<Sora2Exception, string> read)
    {
        using var _ = UICulture.Set(culture);
        return read(error);
    }

    [GeneratedRegex(@"\.(?= [A-Z]|$)")]
    private static partial Regex EnglishSentences();
}
