-- The card's tables (section 6), with all of its columns, indexes and foreign keys.
CREATE DATABASE portal;
USE portal;

CREATE TABLE tickets (
    id INT AUTO_INCREMENT PRIMARY KEY,
    ticket_code VARCHAR(32) NOT NULL,
    orq INT NOT NULL,
    order_id INT NOT NULL,
    status ENUM('PENDING_PAYMENT', 'ACTIVATED', 'RESERVED', 'VERIFIED', 'EXPIRED') DEFAULT 'PENDING_PAYMENT',
    product_id INT NOT NULL,
    customer_email VARCHAR(255) NULL,
    customer_phone VARCHAR(20) NULL,
    activated_at TIMESTAMP NULL,
    reserved_at TIMESTAMP NULL,
    verified_at TIMESTAMP NULL,
    verified_by INT NULL,
    qr_code TEXT NULL,
    created_at TIMESTAMP DEFAULT CURRENT_TIMESTAMP,
    updated_at TIMESTAMP DEFAULT CURRENT_TIMESTAMP ON UPDATE CURRENT_TIMESTAMP,
    UNIQUE KEY unique_code (ticket_code, orq),
    INDEX idx_status (status),
    INDEX idx_customer_email (customer_email)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4;

CREATE TABLE reservation_slots (
    id INT AUTO_INCREMENT PRIMARY KEY,
    orq INT NOT NULL,
    date DATE NOT NULL,
    start_time TIME NOT NULL,
    end_time TIME NOT NULL,
    total_capacity INT NOT NULL,
    booked_count INT NOT NULL DEFAULT 0,
    status ENUM('ACTIVE', 'FULL', 'CLOSED') DEFAULT 'ACTIVE',
    created_at TIMESTAMP DEFAULT CURRENT_TIMESTAMP,
    updated_at TIMESTAMP DEFAULT CURRENT_TIMESTAMP ON UPDATE CURRENT_TIMESTAMP,
    UNIQUE KEY unique_start (orq, date, start_time)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4;

CREATE TABLE ticket_reservations (
    id INT AUTO_INCREMENT PRIMARY KEY,
    ticket_id INT NOT NULL,
    slot_id INT NOT NULL,
    customer_email VARCHAR(255) NOT NULL,
    customer_phone VARCHAR(20) NOT NULL,
    reserved_at TIMESTAMP DEFAULT CURRENT_TIMESTAMP,
    status ENUM('RESERVED', 'CANCELLED', 'VERIFIED') DEFAULT 'RESERVED',
    orq INT NOT NULL,
    created_at TIMESTAMP DEFAULT CURRENT_TIMESTAMP,
    updated_at TIMESTAMP DEFAULT CURRENT_TIMESTAMP ON UPDATE CURRENT_TIMESTAMP,
    INDEX idx_ticket_id (ticket_id),
    INDEX idx_slot_id (slot_id),
    INDEX idx_orq (orq),
    INDEX idx_customer_email (customer_email),
    UNIQUE KEY unique_ticket_reservation (ticket_id),
    FOREIGN KEY (ticket_id) REFERENCES tickets (id) ON DELETE CASCADE,
    FOREIGN KEY (slot_id) REFERENCES reservation_slots (id)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4;
