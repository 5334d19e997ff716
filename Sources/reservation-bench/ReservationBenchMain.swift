import ReservationBench

@main
struct ReservationBenchMain {
    static func main() async {
        await BenchCommand.main()
    }
}
