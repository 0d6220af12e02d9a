import com.zaxxer.hikari.HikariConfig;
import com.zaxxer.hikari.HikariDataSource;
import java.io.BufferedReader;
import java.io.InputStreamReader;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.util.concurrent.atomic.AtomicLong;

/** A pool of JDBC connections: goes on while it is told to, and says how many statements were answered. */
public class Pool {
    private static volatile boolean runs;
    private static final AtomicLong BUSY = new AtomicLong();
    private static final AtomicLong ANSWERED = new AtomicLong();
    private static final AtomicLong FAILED = new AtomicLong();
    private static final AtomicLong WRONG = new AtomicLong();
    private static final AtomicLong WORST = new AtomicLong();

    public static void main(String[] arguments) throws Exception {
        HikariConfig config = new HikariConfig();
        config.setJdbcUrl(arguments[0]);
        config.setMaximumPoolSize(2);
        config.setConnectionTimeout(30_000);
        config.setInitializationFailTimeout(-1);
        config.setMaxLifetime(60_000);
        config.setTransactionIsolation("TRANSACTION_NONE");
        try (HikariDataSource pool = new HikariDataSource(config);
                BufferedReader told = new BufferedReader(new InputStreamReader(System.in))) {
            for (int i = 0; i < 3; i++) {
                Thread thread = new Thread(() -> ask(pool));
                thread.setDaemon(true);
                thread.start();
            }
            for (String line = told.readLine(); line != null; line = told.readLine()) {
                runs = line.equals("go");
                while (!runs && BUSY.get() > 0) {
                    Thread.sleep(10);
                }
                System.out.println(ANSWERED.get() + " " + FAILED.get() + " " + WRONG.get() + " " + WORST.get());
                if (line.equals("forget")) {
                    pool.getHikariPoolMXBean().softEvictConnections();
                    ANSWERED.set(0);
                }
            }
        }
    }

    private static void ask(HikariDataSource pool) {
        for (int i = 0; ; i++) {
            BUSY.incrementAndGet();
            if (runs) {
                ask(pool, i % 100);
            }
            BUSY.decrementAndGet();
            try {
                Thread.sleep(runs ? 50 : 100);
            } catch (InterruptedException e) {
                return;
            }
        }
    }

    private static void ask(HikariDataSource pool, int least) {
        long start = System.nanoTime();
        try (Connection connection = pool.getConnection();
                PreparedStatement statement =
                        connection.prepareStatement("SELECT count(*), min(version) = max(version) FROM prices WHERE i >= ?")) {
            statement.setLong(1, least);
            try (ResultSet rows = statement.executeQuery()) {
                boolean right = rows.next() && rows.getLong(1) == 20_000 - least && rows.getBoolean(2) && !rows.next();
                WRONG.addAndGet(right ? 0 : 1);
            }
            ANSWERED.incrementAndGet();
            WORST.accumulateAndGet((System.nanoTime() - start) / 1_000_000, Math::max);
        } catch (Exception e) {
            if (FAILED.incrementAndGet() % 100 == 1) {
                e.printStackTrace();
            }
        }
    }
}
