using Sora2.Sdk.Downloads;

namespace Sora2.Sdk.Tests.Downloads;

public sealed class ProgressMeterTests
{
    private readonly VirtualClock _clock = new();
    private readonly List<DownloadProgress> _reports = [];
    private readonly ProgressMeter _meter;

    public ProgressMeterTests() => _meter = new ProgressMeter(_clock, new Recorder(_reports));

    [Fact]
    public void Reports_come_ten_times_a_second_at_most_and_include_the_first_and_the_last()
    {
        _meter.Begin(0);
        for (var ms = 10; ms <= 1000; ms += 10)
        {
            _clock.Advance(TimeSpan.FromMilliseconds(10));
            _meter.Report(ms, 1000);
        }

        _meter.Report(1000, 1000, isEnd: true);

        Assert.Equal([10, 110, 210, 310, 410, 510, 610, 710, 810, 910, 1000], _reports.Select(report => report.BytesReceived));
    }

    [Fact]
    public void Rate_and_time_left_are_of_the_last_seconds()
    {
        _meter.Begin(0);
        Advance(seconds: 10, bytesPerSecond: 100, from: 0, total: 10_000);
        Assert.Equal((100, TimeSpan.FromSeconds(90)), (_reports[^1].BytesPerSecond, _reports[^1].TimeLeft));

        Advance(seconds: 10, bytesPerSecond: 500, from: 1000, total: 10_000);
        Assert.Equal((500, TimeSpan.FromSeconds(8)), (_reports[^1].BytesPerSecond, _reports[^1].TimeLeft));
    }

    [Fact]
    public void First_bytes_of_a_connection_have_no_rate()
    {
        _meter.Begin(0);
        _clock.Advance(TimeSpan.FromMilliseconds(300));
        _meter.Report(228, 1_000_000);
        Assert.Null(_reports[^1].TimeLeft);

        _clock.Advance(TimeSpan.FromMilliseconds(300));
        _meter.Report(200_000, 1_000_000);
        Assert.InRange(_reports[^1].TimeLeft!.Value.TotalSeconds, 2, 3);
    }

    [Fact]
    public void Short_download_has_a_rate_at_its_end()
    {
        _meter.Begin(0);
        _clock.Advance(TimeSpan.FromMilliseconds(100));
        _meter.Report(100, 100, isEnd: true);

        Assert.Equal(1000, _reports[^1].BytesPerSecond);
    }

    [Fact]
    public void Bytes_of_an_earlier_call_do_not_count_for_the_rate()
    {
        _meter.Begin(5000);
        Advance(seconds: 1, bytesPerSecond: 100, from: 5000, total: 10_000);

        Assert.Equal((5100, 100.0, 51.0), (_reports[^1].BytesReceived, _reports[^1].BytesPerSecond, _reports[^1].Percent));
    }

    [Fact]
    public void Time_left_needs_a_total_and_a_rate()
    {
        _meter.Report(10, null);

        Assert.Equal(new DownloadProgress { BytesReceived = 10, TotalBytes = null }, Assert.Single(_reports));
        Assert.Null(_reports[0].TimeLeft);
        Assert.Null(new DownloadProgress { BytesReceived = 10, TotalBytes = 20, BytesPerSecond = 0 }.TimeLeft);
        Assert.Equal(TimeSpan.Zero, new DownloadProgress { BytesReceived = 30, TotalBytes = 20, BytesPerSecond = 1 }.TimeLeft);
    }

    private void Advance(int seconds, int bytesPerSecond, long from, long total)
    {
        for (var second = 1; second <= seconds; second++)
        {
            _clock.Advance(TimeSpan.FromSeconds(1));
            _meter.Report(from + (second * bytesPerSecond), total);
        }
    }

    private sealed class Recorder(List<DownloadProgress> reports) : IProgress<DownloadProgress>
    {
        public void Report(DownloadProgress value) => reports.Add(value);
    }
}
